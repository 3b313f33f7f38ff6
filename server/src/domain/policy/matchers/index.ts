import type { Effect } from "@pullcord/sdk/protocol";
import type { AskMatcher } from "../custom.js";
import type { Conditions } from "../document.js";
import type { Dimension } from "../keys.js";
import type { Condition } from "../rule.js";
import type { Fit, Test } from "../subject.js";
import { listOf } from "../values.js";
import { argument, byArgument } from "./arguments.js";
import { byCommand, command } from "./command.js";
import { custom } from "./custom.js";
import { flag } from "./flag.js";
import { byHost, host } from "./host.js";
import type { Matcher } from "./matcher.js";
import { byPath, path } from "./path.js";
import { byProgram, program } from "./program.js";
import { byResource, resource } from "./resource.js";
import { riskAtLeast } from "./risk.js";
import { bySql, sql } from "./sql.js";
import { agent, byAgent, byEnvironment, byTool, environment, tool } from "./texts.js";
import { time } from "./time.js";
import { byType, type } from "./type.js";

/**
 * Every condition a rule can have, the cheapest to hold first, since the first that fails ends it; arguments come on top,
 * one for each name, and the policy's own matchers.
 */
const matchers = {
  agent,
  type,
  tool,
  environment,
  risk_at_least: riskAtLeast,
  program,
  command,
  flag,
  host,
  sql,
  resource,
  time,
  path,
} as const;

/** The conditions that hold for each command by itself, one answer for each. */
const ofEachCommand: ReadonlySet<string> = new Set(["program", "command", "flag"] satisfies (keyof typeof matchers)[]);

/** What tells rules apart, the cheapest to look up first. */
export const dimensions: readonly Dimension[] = [
  byAgent,
  byTool,
  byCommand,
  byPath,
  byHost,
  byResource,
  byArgument,
  byProgram,
  bySql,
  byEnvironment,
  byType,
];

/** Compiles what a rule tests. */
export function testsOf(conditions: Conditions, effect: Effect, ask: AskMatcher): readonly Condition[] {
  const tests: Condition[] = [];
  for (const [name, matcher] of Object.entries(matchers)) {
    const values = conditions[name as keyof typeof matchers];
    if (values !== undefined) tests.push({ name, test: (matcher as Matcher<unknown>)(listOf<unknown>(values), effect) });
  }
  for (const [name, condition] of Object.entries(conditions.arguments ?? {}))
    tests.push({ name: `arguments.${name}`, test: argument(name)([condition], effect) });
  // Last: it costs the most, and is asked only where everything else fits.
  if (conditions.matcher !== undefined) tests.push({ name: "matcher", test: custom(ask)(listOf(conditions.matcher), effect) });
  return effect === "allow" ? tests : aboutOneCommand(tests);
}

/** A rule that asks or denies takes its conditions on commands together: one command has to fit them all. */
function aboutOneCommand(tests: readonly Condition[]): readonly Condition[] {
  const own = tests.filter(({ name }) => ofEachCommand.has(name));
  if (own.length < 2) return tests;
  const others = tests.filter((one) => !own.includes(one));
  return [{ name: own.map(({ name }) => name).join(" and "), test: allOfEach(own.map(({ test }) => test)) }, ...others];
}

function allOfEach(tests: readonly Test[]): Test {
  return (subject) => {
    const [first = [], ...others] = tests.map((test) => test(subject));
    return first.map((fit, at) => others.map((fits) => fits[at] ?? "no").reduce<Fit>(worse, fit));
  };
}

function worse(one: Fit, other: Fit): Fit {
  if (one === "no" || other === "no") return "no";
  return one === "unknown" ? one : other;
}
