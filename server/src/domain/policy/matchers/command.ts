import { collapsed, type CommandLine } from "../command-line.js";
import type { Fit } from "../subject.js";
import { wildcard, type Wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/**
 * Commands as a line of words. A rule that asks or denies looks at what the shell would make of it and at what is
 * written, so that quotes and spaces hide nothing; a rule that allows wants both to fit.
 */
export const command: Matcher<string> = (patterns, effect) => {
  const wildcards = patterns.map((pattern) => wildcard(collapsed(pattern)));
  return ({ lines }) => lines.map((one) => (effect === "allow" ? allowFit(wildcards, one) : cautiousFit(wildcards, one)));
};

function cautiousFit(wildcards: readonly Wildcard[], { text, line, start }: CommandLine): Fit {
  if (wildcards.some((pattern) => pattern.matches(text) || (line !== null && pattern.matches(line)))) return "yes";
  return line === null && wildcards.some((pattern) => pattern.canStartWith(start)) ? "unknown" : "no";
}

function allowFit(wildcards: readonly Wildcard[], { text, line }: CommandLine): Fit {
  return line !== null && wildcards.some((pattern) => pattern.matches(line) && pattern.matches(text)) ? "yes" : "no";
}
