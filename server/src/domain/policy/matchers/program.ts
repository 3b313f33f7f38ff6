import type { Dimension } from "../keys.js";
import { exactOnly } from "../keys.js";
import { listOf } from "../values.js";
import { wildcard } from "../wildcard.js";
import type { Matcher } from "./matcher.js";

/** Base names of programs, wrappers such as `sudo` taken off when denying or asking. */
export const program: Matcher<string> = (patterns, effect) => {
  const wildcards = patterns.map((pattern) => wildcard(pattern));
  return ({ reading }) =>
    reading.commands.map(({ program: name, text }) => {
      if (name === null) return "unknown";
      if (!wildcards.some((one) => one.matches(name))) return "no";
      // An allowed program behind `sudo` or an assignment is not what the rule allowed.
      return effect !== "allow" || startsWithProgram(text, name) ? "yes" : "no";
    });
};

function startsWithProgram(text: string, name: string): boolean {
  const first = text.trimStart().split(/\s/, 1)[0] ?? "";
  return first === name;
}

export const byProgram: Dimension = {
  // An exact command of a rule that allows stands for its program, whichever that is.
  ofRule: ({ program: programs, command }, effect) => {
    const keys = effect === "allow" && command !== undefined ? null : exactOnly(listOf(programs));
    return keys && { keys };
  },
  ofAction: ({ reading }) => {
    const names = reading.commands.map(({ program: name }) => name);
    return names.includes(null) ? "open" : names.filter((name) => name !== null);
  },
};
