import { PullcordError, type DialScope, type PersonClient, type Scope } from "@pullcord/sdk";
import type { Call, VerbOption } from "./verb.js";

type RunOrAgent = Exclude<Scope, { readonly kind: "everything" }>;

/** The options that say what a human act applies to. */
export const scopeOptions: readonly VerbOption[] = [
  { flags: "--agent <name>", summary: "every run of this agent" },
  { flags: "--all", summary: "everything" },
];

/**
 * What was named: a run, an agent or everything; with nothing named, the only run there is.
 * @throws PullcordError `invalid`/`scope` when two were named, or none and there is a choice
 */
export async function scopeOf(call: Call, person: PersonClient, run = call.args[0]): Promise<Scope> {
  return namedScope(call, run) ?? onlyRun(person, "Name a run, or an agent with --agent NAME, or everything with --all.");
}

/** The same for what a run or an agent has, and everything has not. @throws PullcordError `invalid`/`scope` */
export async function runOrAgentOf(call: Call, person: PersonClient): Promise<RunOrAgent> {
  const choices = "Name a run, or an agent with --agent NAME.";
  const scope = namedScope(call, call.args[0]) ?? (await onlyRun(person, choices));
  if (scope.kind === "everything") throw new PullcordError("invalid", "scope", choices);
  return scope;
}

/** What was named, or null for nothing. */
export function namedScope(call: Call, run: string | undefined): Scope | null {
  const agent = call.text("agent");
  const named: Scope[] = [
    ...(run === undefined ? [] : [{ kind: "run", id: run } as const]),
    ...(agent === undefined ? [] : [{ kind: "agent", id: agent } as const]),
    ...(call.has("all") ? [{ kind: "everything" } as const] : []),
  ];
  if (named.length > 1) throw new PullcordError("invalid", "scope", "Name a run, or --agent, or --all: only one of them.");
  return named[0] ?? null;
}

async function onlyRun(person: PersonClient, choices: string): Promise<RunOrAgent> {
  const [running, paused] = await Promise.all([person.listRuns({ status: "running" }), person.listRuns({ status: "paused" })]);
  const runs = [...running.items, ...paused.items];
  const [first] = runs;
  if (first && runs.length === 1) return { kind: "run", id: first.id };
  const which = runs.length === 0 ? "Nothing is running." : `There are ${runs.length} runs: ${runs.map(({ id }) => id).join(", ")}.`;
  throw new PullcordError("invalid", "scope", `${which} ${choices}`);
}

/** `run r7k2`, `agent claude-code`, `everything`. */
export function scopeWords(scope: DialScope): string {
  return scope.kind === "everything" ? "everything" : `${scope.kind} ${scope.id}`;
}
