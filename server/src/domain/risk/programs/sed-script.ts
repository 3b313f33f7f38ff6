/** What a sed script does beyond printing. */
export interface SedEffects {
  readonly runs: boolean;
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/** Reads a sed script (POSIX and GNU); null when it holds what is not understood. */
export function readSedScript(script: string): SedEffects | null {
  const effects = { runs: false, writes: [] as string[], reads: [] as string[] };
  const cursor = { text: script, at: 0 };
  while (cursor.at < script.length) {
    if (!readCommand(cursor, effects)) return null;
  }
  return effects;
}

interface Cursor {
  readonly text: string;
  at: number;
}
interface Collected {
  runs: boolean;
  writes: string[];
  reads: string[];
}

function readCommand(cursor: Cursor, effects: Collected): boolean {
  skip(cursor, /[\s;}]/);
  if (cursor.at >= cursor.text.length) return true;
  if (!skipAddresses(cursor)) return false;
  skip(cursor, /[\s!]/);
  const name = cursor.text[cursor.at] ?? "";
  cursor.at += 1;
  switch (name) {
    case "{":
    case "":
      return true;
    case "#":
      line(cursor);
      return true;
    case "s":
      return readSubstitution(cursor, effects);
    case "y":
      return delimited(cursor) !== null && delimitedRest(cursor) !== null;
    case "e":
      effects.runs = true;
      line(cursor);
      return true;
    case "w":
    case "W":
      effects.writes.push(line(cursor).trim());
      return true;
    case "r":
    case "R":
      effects.reads.push(line(cursor).trim());
      return true;
    case "a":
    case "i":
    case "c":
      text(cursor);
      return true;
    case ":":
    case "b":
    case "t":
    case "T":
      label(cursor);
      return true;
    case "q":
    case "Q":
    case "l":
    case "L":
      skip(cursor, /[\s\d]/);
      return true;
    default:
      return /^[dDgGhHnNpPxz=F]$/.test(name);
  }
}

function readSubstitution(cursor: Cursor, effects: Collected): boolean {
  if (delimited(cursor) === null || delimitedRest(cursor) === null) return false;
  while (cursor.at < cursor.text.length) {
    const flag = cursor.text[cursor.at] ?? "";
    if (!/[gpiImMe\dw]/.test(flag)) return /[\s;}#]/.test(flag);
    cursor.at += 1;
    if (flag === "e") effects.runs = true;
    if (flag === "w") {
      effects.writes.push(line(cursor).trim());
      return true;
    }
  }
  return true;
}

let delimiter = "/";

/** From the delimiter to its next unescaped occurrence. */
function delimited(cursor: Cursor): string | null {
  delimiter = cursor.text[cursor.at] ?? "";
  if (delimiter === "" || delimiter === "\n" || delimiter === "\\") return null;
  cursor.at += 1;
  return delimitedRest(cursor);
}

function delimitedRest(cursor: Cursor): string | null {
  const start = cursor.at;
  let bracket = false;
  for (; cursor.at < cursor.text.length; cursor.at += 1) {
    const letter = cursor.text[cursor.at];
    if (letter === "\\") cursor.at += 1;
    else if (letter === "[" && !bracket && cursor.text.indexOf("]", cursor.at + 2) > 0 && delimiter === "/") bracket = false;
    else if (letter === delimiter) {
      cursor.at += 1;
      return cursor.text.slice(start, cursor.at - 1);
    }
  }
  return null;
}

function skipAddresses(cursor: Cursor): boolean {
  for (let count = 0; count < 2; count += 1) {
    const letter = cursor.text[cursor.at] ?? "";
    if (letter === "/" || letter === "\\") {
      if (letter === "\\") cursor.at += 1;
      if (delimited(cursor) === null) return false;
      skip(cursor, /[IM]/);
    } else if (/[\d$+~]/.test(letter)) skip(cursor, /[\d$+~]/);
    skip(cursor, /\s/);
    if (cursor.text[cursor.at] !== ",") return true;
    cursor.at += 1;
    skip(cursor, /\s/);
  }
  return true;
}

function skip(cursor: Cursor, pattern: RegExp): void {
  while (cursor.at < cursor.text.length && pattern.test(cursor.text[cursor.at] ?? "")) cursor.at += 1;
}

function line(cursor: Cursor): string {
  const end = cursor.text.indexOf("\n", cursor.at);
  const start = cursor.at;
  cursor.at = end < 0 ? cursor.text.length : end + 1;
  return cursor.text.slice(start, end < 0 ? undefined : end);
}

/** `a`, `i`, `c`: text to the end of the line; a backslash carries it on. */
function text(cursor: Cursor): void {
  let read = line(cursor);
  while (read.endsWith("\\") && cursor.at < cursor.text.length) read = line(cursor);
}

function label(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && !/[\n;}]/.test(cursor.text[cursor.at] ?? "")) cursor.at += 1;
}
