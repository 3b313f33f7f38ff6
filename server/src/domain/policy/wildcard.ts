/**
 * A pattern over plain text: `*` is any run of characters, `?` any single one, all else itself. Not a glob: a slash is
 * nothing special in a command. Written by people, held against text that agents control, so it takes no regular
 * expression: at worst pattern length times text length.
 */
export interface Wildcard {
  readonly pattern: string;
  /** True when the pattern can only match itself. */
  readonly exact: boolean;
  matches(text: string): boolean;
  /** Whether a text that begins so can match, whatever follows. */
  canStartWith(start: string): boolean;
}

/** Of a longer start, only this much is looked at, in characters. */
const longestStart = 2_000;

/** Compiles a pattern. */
export function wildcard(pattern: string, { ignoreCase = false } = {}): Wildcard {
  const folded = ignoreCase ? pattern.toLowerCase() : pattern;
  const exact = !/[*?]/.test(folded);
  return {
    pattern,
    exact,
    matches(text) {
      const subject = ignoreCase ? text.toLowerCase() : text;
      return exact ? folded === subject : wildcardMatches(folded, subject);
    },
    canStartWith(start) {
      return wildcardTakes(folded, (ignoreCase ? start.toLowerCase() : start).slice(0, longestStart));
    },
  };
}

/** Walks both; on a mismatch the newest `*` takes one character more. */
function wildcardMatches(pattern: string, text: string): boolean {
  let at = 0;
  let read = 0;
  let star = -1;
  let starRead = 0;
  while (read < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      starRead = read;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[read])) {
      at++;
      read++;
    } else if (star >= 0) {
      at = star + 1;
      read = ++starRead;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Follows every way through the pattern at once; false as soon as none is left. */
function wildcardTakes(pattern: string, start: string): boolean {
  let places = new Set([0]);
  for (let read = 0; read < start.length; read++) {
    const letter = start[read];
    const next = new Set<number>();
    for (const place of places) {
      let at = place;
      // A star may stay for this character, or stand for nothing.
      for (; pattern[at] === "*"; at++) next.add(at);
      if (at < pattern.length && (pattern[at] === "?" || pattern[at] === letter)) next.add(at + 1);
    }
    if (next.size === 0) return false;
    places = next;
  }
  return true;
}
