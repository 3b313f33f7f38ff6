import { collapsed, type CommandLine } from "../command-line.js";
import { allKnown, beginnings, fixedBeginning, type Dimension } from "../keys.js";
import type { Fit } from "../subject.js";
import { listOf } from "../values.js";
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

/** Commands by the words they begin with. A line whose end cannot be known may go on like any rule that begins so. */
export const byCommand: Dimension = {
  ofRule: ({ command: patterns }) => {
    const keys = allKnown(listOf(patterns).map((pattern) => fixedBeginning(collapsed(pattern), " ")));
    return keys && { keys, rare: keys.flatMap((key) => beginnings(key, " ").map(goingOn)) };
  },
  ofAction: ({ lines, proposed }) => {
    const keys = new Set<string>();
    const add = (text: string) => beginnings(text, " ").forEach((key) => keys.add(key));
    for (const { program, text, line, start } of lines) {
      if (program === null) return "open";
      add(text);
      if (line !== null) add(line);
      else for (const key of beginnings(start.trimEnd(), " ")) keys.add(key).add(goingOn(key));
    }
    // What a rule allows letter for letter is looked up by the whole text.
    if (typeof proposed.arguments["command"] === "string") add(collapsed(proposed.arguments["command"]));
    return keys;
  },
};

function goingOn(beginning: string): string {
  return `${beginning} …`;
}
