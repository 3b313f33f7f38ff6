import { areDistinct, type Section, type Setting } from "../document.js";

/** A document with longer lines is not read by key, in characters: a reader may look at a line several times. */
const longestLine = 4_096;
/** Most lines of one value in quotes or brackets. */
const mostLines = 500;
/** Most that is looked at to find where values of several lines end, in characters: each further line has it looked at again. */
const mostLooked = 8 * 2 ** 20;

/** A text taken line by line, from the first on. */
export class Lines {
  readonly #lines: string[];
  readonly #hasLastEnd: boolean;
  #at = 0;
  #looked = 0;
  /** Comments and blank lines that no key has followed yet, each with its line end. */
  #waiting = "";

  constructor(text: string) {
    const lines = text.split("\n");
    this.#lines = lines.some((line) => line.length > longestLine) ? [""] : lines;
    this.#hasLastEnd = this.#lines.at(-1) === "";
    if (this.#hasLastEnd) this.#lines.pop();
  }

  /** The next line, without its line end; undefined after the last. */
  get next(): string | undefined {
    return this.#lines[this.#at];
  }

  take(): string {
    const line = this.#lines[this.#at] ?? "";
    this.#at += 1;
    return line;
  }

  /** Takes comments and blank lines; they go with the next key. */
  skip(isSkipped: (line: string) => boolean): void {
    while (this.next !== undefined && isSkipped(this.next)) this.#waiting += `${this.take()}\n`;
  }

  /** What was skipped since the last key. */
  lead(): string {
    const lead = this.#waiting;
    this.#waiting = "";
    return lead;
  }

  /** Takes further lines until a text is complete; null when it is not for too long. */
  complete(start: string, isComplete: (text: string) => boolean): string | null {
    let text = start;
    for (let lines = 1; !isComplete(text); lines += 1) {
      if (this.next === undefined || lines > mostLines) return null;
      text += `\n${this.take()}`;
      this.#looked += text.length;
      if (this.#looked > mostLooked) return null;
    }
    return text;
  }

  /** The whole document, once every line is taken. Null where a key stands twice or there is none. */
  document(settings: readonly Setting[]): Section | null {
    if (settings.length === 0 || !areDistinct(settings)) return null;
    const lead = this.lead();
    const end = this.#hasLastEnd ? "\n" : "";
    return { kind: "section", open: null, settings, close: lead === "" ? end : `\n${lead.slice(0, -1)}${end}`, joint: "\n" };
  }
}

/** A heading with its keys, as one setting of the document. Null where a key stands twice. */
export function headed(key: string, { lead, heading }: { readonly lead: string; readonly heading: string }, settings: readonly Setting[]) {
  if (!areDistinct(settings)) return null;
  const node: Section = { kind: "section", open: heading, settings, close: "", joint: "\n" };
  return { key, lead, name: "", node, tail: "" } satisfies Setting;
}

/** A key with a value that is a text of its own. What ends a line in Windows is no part of the value. */
export function plain(
  key: string,
  parts: { readonly lead: string; readonly name: string; readonly value: string; readonly isInLines?: boolean },
): Setting {
  const { lead, name, value, isInLines = false } = parts;
  const text = value.replace(/\r$/, "");
  return { key, lead, name, node: { kind: "value", text, isInLines }, tail: value.slice(text.length) };
}
