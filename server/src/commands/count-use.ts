import type { Action, Counted } from "@pullcord/sdk/protocol";
import { plus, withAction, withKnown, withUse } from "../domain/limits/agent-tally.js";
import { newestActions } from "../domain/limits/limit.js";
import { resourcesOf } from "../domain/limits/measuring.js";
import { usedByBeginning } from "../domain/limits/uses.js";
import { typesOf } from "../domain/policy/subject.js";
import type { Reading } from "../domain/reading.js";
import { findAgent, saveAgentTally } from "../store/agents.js";
import { findDecided } from "../store/decided-facts.js";
import type { StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { depthOf, fingerprint } from "./limit-facts.js";

/** Resources kept by name, to count distinct ones. */
const mostResourcesKept = 500;
/** Sub-agents whose depth is kept. */
const mostDepthsKept = 200;

interface Use {
  readonly action: Action;
  readonly reading: Reading | null;
  /** Files that it would change for the first time in this run, as the run's tally has counted them. */
  readonly files: number;
}

/**
 * Counts what an action uses once it is decided, for the run and for its agent. What is denied uses nothing but is
 * remembered, since an agent may run in circles before a closed door. Changes `run`; the caller writes it.
 */
export async function countDecided(context: CommandContext, run: StoredRun, { action, reading, files }: Use): Promise<void> {
  const { tally } = run;
  tally.recent = [...tally.recent, fingerprint(action.proposed)].slice(-newestActions);
  const counted = reading && action.decision?.effect !== "deny" ? usedBy(context, run, { action, reading, files }) : {};
  const begun = reading && action.state.status === "allowed" ? beginning(run, { action, reading }) : nothingBegun;
  await count(context, run, { counted: plus(counted, begun.counted), ...begun.known, isDecision: true });
}

/** Counts what an action that a person approved uses as it begins: money is spent and agents are started only then. */
export async function countBegun(context: CommandContext, run: StoredRun, action: Action): Promise<void> {
  const recorded = await findDecided(context.tx, action.id);
  const reading = recorded?.recorded.reading;
  if (!reading || !action.assessment) return;
  const proposed = { ...action.proposed, arguments: action.approvedArguments ?? action.proposed.arguments };
  const begun = beginning(run, { action: { ...action, proposed }, reading: { ...reading, assessment: action.assessment } });
  await count(context, run, { counted: begun.counted, ...begun.known, isDecision: false });
}

/** Counts what a gate reports, for the run and for its agent. Changes `run`; the caller writes it. */
export async function countReported(context: CommandContext, run: StoredRun, counted: Counted): Promise<void> {
  await count(context, run, { counted, kinds: [], hosts: [], isDecision: false });
}

interface Begun {
  readonly counted: Counted;
  readonly known: { readonly kinds: readonly string[]; readonly hosts: readonly (string | null)[] };
}

const nothingBegun: Begun = { counted: {}, known: { kinds: [], hosts: [] } };

function usedBy({ outside }: CommandContext, run: StoredRun, { action, reading, files }: Use & { readonly reading: Reading }): Counted {
  const { tool } = action.proposed;
  const fresh = resourcesOf(reading).filter((one) => one === null || !run.tally.resources.includes(one));
  run.tally.resources = [...run.tally.resources, ...fresh.filter((one) => one !== null)].slice(0, mostResourcesKept);
  const hasQuota = outside.policy().guardrails.limits.some(({ measured }) => measured === `tool:${tool?.name}`);
  return compact({
    actions: 1,
    questions: action.decision?.effect === "require_approval" ? 1 : 0,
    files,
    calls: reading.hosts.length > 0 ? 1 : 0,
    resources: fresh.length,
    ...(hasQuota ? { [`tool:${tool?.name}` as const]: 1 } : {}),
  });
}

/** What was allowed, or approved, begins: from now on it is usual for the agent. */
function beginning(run: StoredRun, { action, reading }: { readonly action: Action; readonly reading: Reading }): Begun {
  const { proposed } = action;
  const kinds = typesOf(proposed, reading);
  const { tally } = run;
  const depth = depthOf(run, proposed);
  if (proposed.subagent && Object.keys(tally.depths).length < mostDepthsKept)
    tally.depths = { ...tally.depths, [proposed.subagent.id]: depth };
  if (kinds.includes("agent_start")) tally.deepest = Math.max(tally.deepest, depth + 1);
  return {
    counted: usedByBeginning(proposed, reading),
    known: { kinds, hosts: reading.hosts },
  };
}

function compact(counted: Counted): Counted {
  return Object.fromEntries(Object.entries(counted).filter(([, amount = 0]) => amount > 0));
}

interface Counting {
  readonly counted: Counted;
  readonly kinds: readonly string[];
  readonly hosts: readonly (string | null)[];
  readonly isDecision: boolean;
}

async function count({ tx, now, outside }: CommandContext, run: StoredRun, { counted, kinds, hosts, isDecision }: Counting): Promise<void> {
  // The run's tally has counted its files and its calls already.
  const { files: _files, calls: _calls, ...others } = counted;
  run.tally.used = plus(run.tally.used, others);
  const agent = await findAgent(tx, run.agent);
  if (!agent) return;
  const { dayZone: zone } = outside.policy().guardrails;
  const past = withKnown(isDecision ? withAction(agent.tally.past, now) : agent.tally.past, { kinds, hosts });
  await saveAgentTally(tx, run.agent, { ...withUse(agent.tally, counted, { now, zone }), past });
}
