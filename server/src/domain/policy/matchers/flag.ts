import type { ReadCommand } from "../../reading.js";
import type { Fit } from "../subject.js";
import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** What programs take for an abbreviation has at least these many characters, the dashes among them. */
const shortestAbbreviation = 4;

/**
 * Flags of a command: `--force` is also found as `--force=yes`, `-f` also among others (`-rf`). Where a program would take
 * `--forc` for it, or a word cannot be known, a rule that asks or denies may be about it. A rule that allows wants the
 * flag as it is written.
 */
export const flag: Matcher<string> = (patterns, effect) => {
  const tests = patterns.map((pattern) => (effect === "allow" ? plainTest(pattern) : cautiousTest(pattern)));
  return ({ reading }) => reading.commands.map((command) => fitOf(command, tests, effect === "allow"));
};

type WordTest = (word: string) => Fit;

function fitOf({ words }: ReadCommand, tests: readonly WordTest[], isPlain: boolean): Fit {
  const end = words.indexOf("--");
  const flags = end < 0 ? words : words.slice(0, end);
  let whole: Fit = "no";
  for (const word of flags) {
    const fits = word === null ? ["unknown" as const] : tests.map((test) => test(word));
    if (fits.includes("yes")) return "yes";
    if (fits.includes("unknown") && !isPlain) whole = "unknown";
  }
  return whole;
}

function plainTest(pattern: string): WordTest {
  const compiled = wildcard(pattern);
  return (word) => (compiled.matches(word) || compiled.matches(nameOf(word)) ? "yes" : "no");
}

function cautiousTest(pattern: string): WordTest {
  const plain = plainTest(pattern);
  const [, letter] = /^-([^-*?])$/.exec(pattern) ?? [];
  return (word) => {
    if (plain(word) === "yes") return "yes";
    if (letter !== undefined) return /^-[^-]/.test(word) && nameOf(word).includes(letter) ? "yes" : "no";
    const name = nameOf(word);
    return name.length >= shortestAbbreviation && name.startsWith("--") && pattern.startsWith(name) ? "unknown" : "no";
  };
}

/** A flag without the value behind its `=`. */
function nameOf(word: string): string {
  return word.split("=", 1)[0] ?? word;
}
