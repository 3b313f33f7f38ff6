import type { Effect } from "@pullcord/sdk/protocol";
import type { Conditions, OneOrMore } from "../document.js";
import type { Condition } from "../rule.js";
import { argument } from "./arguments.js";
import { command } from "./command.js";
import { host } from "./host.js";
import type { Matcher } from "./matcher.js";
import { path } from "./path.js";
import { program } from "./program.js";
import { riskAtLeast } from "./risk.js";
import { sql } from "./sql.js";
import { agent, environment, tool } from "./texts.js";
import { type } from "./type.js";

/** Every condition a rule can have; arguments come on top, one for each name. */
const matchers = { type, program, command, path, host, sql, tool, environment, agent, risk_at_least: riskAtLeast } as const;

/** Compiles what a rule tests. */
export function testsOf(conditions: Conditions, effect: Effect): readonly Condition[] {
  const tests: Condition[] = [];
  for (const [name, matcher] of Object.entries(matchers)) {
    const values = conditions[name as keyof typeof matchers];
    if (values !== undefined) tests.push({ name, test: (matcher as Matcher<unknown>)(listOf<unknown>(values), effect) });
  }
  for (const [name, condition] of Object.entries(conditions.arguments ?? {}))
    tests.push({ name: `arguments.${name}`, test: argument(name)([condition], effect) });
  return tests;
}

/** One value or several, as a list. */
export function listOf<T>(values: OneOrMore<T> | undefined): readonly T[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}
