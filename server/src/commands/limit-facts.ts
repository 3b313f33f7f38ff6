import { hash } from "node:crypto";
import { canonicalJson, type LimitBasis, type ProposedAction } from "@pullcord/sdk/protocol";
import { emptyAgentTally, unusual, usedToday } from "../domain/limits/agent-tally.js";
import { newestActions } from "../domain/limits/limit.js";
import { resourcesOf } from "../domain/limits/measuring.js";
import { typesOf } from "../domain/policy/subject.js";
import type { Reading } from "../domain/reading.js";
import type { StoredAgent } from "../store/agents.js";
import { breakersOf } from "../store/breakers.js";
import type { StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";

const fingerprintLength = 12;

/** What tells one action from another in a loop: what would be done, not how the agent words it. */
export function fingerprint({ type, arguments: given }: ProposedAction): string {
  return hash("sha256", canonicalJson({ type, arguments: given })).slice(0, fingerprintLength);
}

/** What the run and its agent have used, and what of an action is new to them. */
export async function limitFacts(
  { tx, now, outside }: LookContext,
  run: StoredRun,
  {
    proposed,
    reading,
    agent,
  }: { readonly proposed: ProposedAction; readonly reading: Reading | null; readonly agent: StoredAgent | undefined },
): Promise<LimitBasis> {
  const { guardrails } = outside.policy();
  const tally = agent?.tally ?? emptyAgentTally;
  const breakers = await breakersOf(tx, run.id, run.agent);
  const mark = fingerprint(proposed);
  return {
    used: { run: run.tally.used, agent: tally.total, agent_day: usedToday(tally, now, guardrails.dayZone) },
    sameAction: run.tally.recent.slice(1 - newestActions).filter((one) => one === mark).length + 1,
    depth: depthOf(run, proposed),
    newResources: reading ? resourcesOf(reading).filter((one) => one === null || !run.tally.resources.includes(one)) : [],
    ...unusual(
      tally.past,
      { kinds: reading ? typesOf(proposed, reading) : [], hosts: reading?.hosts ?? [] },
      { now, after: guardrails.anomalyAfter },
    ),
    breakers: Object.fromEntries(breakers.map(({ guardrail, state }) => [guardrail, state])),
  };
}

/** A sub-agent that is new is taken to be as deep as any that was started: nobody says who started it. */
export function depthOf({ tally }: StoredRun, { subagent }: ProposedAction): number {
  if (!subagent) return 0;
  // An agent names its sub-agents; what every object inherits is none of them.
  const known = Object.hasOwn(tally.depths, subagent.id) ? tally.depths[subagent.id] : undefined;
  return known ?? Math.max(1, tally.deepest);
}
