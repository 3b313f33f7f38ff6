import { allKnown, beginnings, exactOnly, fixedBeginning, type Dimension } from "../keys.js";
import { listOf } from "../values.js";
import { wildcard } from "../wildcard.js";
import type { Subject, Test } from "../subject.js";
import type { Matcher } from "./matcher.js";

/** The agent's own name of the tool, `mcp__*`. */
export const tool: Matcher<string> = (patterns) =>
  anyOf(patterns, { texts: ({ proposed }) => (proposed.tool ? [proposed.tool.name] : []) });

/**
 * The environments that the run and the action name. They are the agent's own words, so they can make a rule ask or deny,
 * and never allow.
 */
export const environment: Matcher<string> = (patterns, effect) =>
  anyOf(patterns, { ignoreCase: true, texts: (subject) => (effect === "allow" ? [] : subject.environments) });

/** The agent's name. */
export const agent: Matcher<string> = (patterns) => anyOf(patterns, { texts: (subject) => [subject.agent] });

interface Texts {
  readonly ignoreCase?: boolean;
  readonly texts: (subject: Subject) => readonly string[];
}

function anyOf(patterns: readonly string[], { ignoreCase = false, texts }: Texts): Test {
  const wildcards = patterns.map((pattern) => wildcard(pattern, { ignoreCase }));
  return (subject) => texts(subject).map((text) => (wildcards.some((one) => one.matches(text)) ? "yes" : "no"));
}

/** Tools by the parts of their names: `mcp__github__*` is told by what stands before its last underscore. */
export const byTool: Dimension = {
  ofRule: ({ tool: patterns }) => {
    const keys = allKnown(listOf(patterns).map((pattern) => fixedBeginning(pattern, "_")));
    return keys && { keys };
  },
  ofAction: ({ proposed }) => (proposed.tool ? beginnings(proposed.tool.name, "_") : []),
};

export const byEnvironment: Dimension = {
  ofRule: ({ environment: names }) => {
    const keys = exactOnly(listOf(names).map((name) => name.toLowerCase()));
    return keys && { keys };
  },
  ofAction: ({ environments }) => environments.map((name) => name.toLowerCase()),
};

export const byAgent: Dimension = {
  ofRule: ({ agent: names }) => {
    const keys = exactOnly(listOf(names));
    return keys && { keys };
  },
  ofAction: (subject) => [subject.agent],
};
