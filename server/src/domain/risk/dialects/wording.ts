import { isSymbol, type Token } from "./tokens.js";

/** Words that mean the same to PostgreSQL's grammar as to the dialects. All others are names, and are handed on as such. */
const shared = new Set(
  `select insert update delete from where set values into and or not null is in like between exists case when then else end as on using
   join inner left right outer cross natural group by having order asc desc limit offset distinct all any some union except intersect with
   recursive default true false cast collate returning over partition rows interval for share start transaction begin commit work
   create temporary temp table index unique view drop truncate alter add column rename to if primary key references foreign check constraint
   cascade restrict explain`
    .trim()
    .split(/\s+/),
);
/** Of these, the ones that are functions as well: as such they are names. */
const alsoFunctions = new Set(["left", "right", "if", "truncate", "insert"]);
/** Values without parentheses. */
const times = new Set(["current_timestamp", "current_date", "current_time", "localtime", "localtimestamp"]);
/** Where a word stands for one of PostgreSQL's signs. */
const signs: Readonly<Record<string, string>> = { regexp: "~", rlike: "~", glob: "~", match: "~", div: "/" };
const symbols: Readonly<Record<string, string>> = { "&&": "AND", "==": "=", "!=": "<>", "<=>": "IS NOT DISTINCT FROM" };

/**
 * Spells tokens for PostgreSQL's grammar: every name in quotes, so that no word means more to it than it did. What
 * stands in double quotes is a text, or with `namesInDoubleQuotes` a name, as MySQL's modes have it.
 */
export function worded(tokens: readonly Token[], { namesInDoubleQuotes = false } = {}): string {
  return tokens
    .map((token, index) => gapBefore(token, tokens[index - 1]) + spelled(token, tokens[index + 1], namesInDoubleQuotes))
    .join("");
}

/** A function's parenthesis stays where it was, since MySQL looks whether a blank is before it. */
function gapBefore(token: Token, before: Token | undefined): string {
  if (before === undefined) return "";
  const isJoined = isSymbol(token, ".") || isSymbol(before, ".") || (isSymbol(token, "(") && !token.isApart) || isPrefixed(token, before);
  return isJoined ? "" : " ";
}

/** `x'00'` is one value. */
function isPrefixed(token: Token, before: Token): boolean {
  return token.kind === "text" && before.kind === "word" && before.end === token.start;
}

function spelled(token: Token, next: Token | undefined, namesInDoubleQuotes: boolean): string {
  const { kind, value } = token;
  if (kind === "text" || (kind === "double" && !namesInDoubleQuotes)) return `'${value.replaceAll("'", "''")}'`;
  if (kind === "name" || kind === "double") return name(value);
  if (kind === "symbol") return symbols[value] ?? value;
  if (kind === "number") return value;
  const lower = value.toLowerCase();
  const isCall = isSymbol(next, "(") && next?.isApart === false;
  if (isCall && alsoFunctions.has(lower)) return name(value);
  if (next && next.start === token.end && next.kind === "text") return value;
  if (!isCall && times.has(lower)) return lower;
  return signs[lower] ?? (shared.has(lower) ? value : name(value));
}

function name(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
