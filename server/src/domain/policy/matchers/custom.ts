import { matchedAction, type AskMatcher } from "../custom.js";
import type { Fit } from "../subject.js";
import type { Matcher } from "./matcher.js";

/** Matchers of the policy's own, by name; any of them may say yes. One that gives no answer leaves it unknown. */
export const custom =
  (ask: AskMatcher): Matcher<string> =>
  (names) =>
  (subject) => {
    const fits: Fit[] = names.map((name) => ask(name, matchedAction(subject)));
    return [fits.includes("yes") ? "yes" : fits.includes("unknown") ? "unknown" : "no"];
  };
