/** Most here-documents of one text: the parser's time grows with their square. */
const hereDocumentLimit = 200;
/** Most operators (`| & ; < >` and brackets) of one text. */
const operatorLimit = 8_000;
/** Most double quotes of one text. */
const quoteLimit = 20_000;
/** Most lines. */
const lineLimit = 12_000;
/** How deep brackets and substitutions may stand in each other, counted without regard to quotes. */
const bracketLimit = 150;

/** Whether parsing a text could take long: looked at letter by letter, before the parser sees it. */
export function isCostly(text: string): boolean {
  let operators = 0;
  let lines = 0;
  let quotes = 0;
  let hereDocuments = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case "<":
        if (text[at + 1] === "<") hereDocuments += 1;
        operators += 1;
        break;
      case "(":
      case "{":
        operators += 1;
        depth += 1;
        break;
      case ")":
      case "}":
        depth = Math.max(0, depth - 1);
        break;
      case "|":
      case "&":
      case ";":
      case ">":
      case "`":
        operators += 1;
        break;
      case '"':
        quotes += 1;
        break;
      case "\n":
        lines += 1;
        break;
      default:
        continue;
    }
    if (operators > operatorLimit || lines > lineLimit || quotes > quoteLimit || hereDocuments > hereDocumentLimit || depth > bracketLimit)
      return true;
  }
  return false;
}
