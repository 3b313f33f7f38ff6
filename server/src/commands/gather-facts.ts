import type { Canary, ProposedAction } from "@pullcord/sdk/protocol";
import { canaryIdOf } from "../domain/canary.js";
import { noTrust, tierFor } from "../domain/earned-trust.js";
import type { DecisionFacts } from "../domain/facts.js";
import { typesOf } from "../domain/policy/subject.js";
import { findAgent } from "../store/agents.js";
import { activeBreakGlass } from "../store/break-glass.js";
import { findCanary } from "../store/canaries.js";
import { activeGrants } from "../store/grants.js";
import { approvedPlan } from "../store/plans.js";
import type { StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";
import type { LookContext } from "./context.js";
import { dialFor } from "./dial.js";
import type { Examination } from "./examine-action.js";
import { limitFacts } from "./limit-facts.js";

/** An action with what was found out about it. */
export interface Examined {
  readonly proposed: ProposedAction;
  readonly examination: Examination;
}

/** Everything a decision is made from, as it stands now. */
export async function gatherFacts(context: LookContext, run: StoredRun, { proposed, examination }: Examined): Promise<DecisionFacts> {
  const { tx, now, outside } = context;
  const { opening, tally } = run;
  const agent = await findAgent(tx, run.agent);
  const policy = outside.policy();
  return {
    ...examination,
    proposed,
    agent: run.agent,
    run: {
      id: run.id,
      state: outside.unrecorded.stateOf(run),
      workingDirectory: opening.workingDirectory ?? null,
      environment: opening.environment ?? null,
      openedAt: run.openedAt,
      ...(tally.authorisedAt === null ? {} : { authorisedAt: tally.authorisedAt }),
    },
    canary: await plantedCanary(tx, run, proposed),
    killFilePresent: outside.killFilePresent(),
    breakGlass: await activeBreakGlass(tx, now),
    keepsSnapshots: outside.snapshots.isBesideAgents,
    policy,
    grants: await activeGrants(tx, run.agent, now),
    plan: await approvedPlan(tx, run.id, now),
    autonomySet: await dialFor(tx, run, { policy, environment: proposed.environment }),
    trustTier: tierFor(agent?.trust ?? noTrust, typesOf(proposed, examination.reading), now),
    counters: {
      actions: tally.actions,
      filesTouched: tally.pathCount,
      isTouched: (path) => tally.paths.includes(path),
      recentFailures: tally.failures.filter(Boolean).length,
      recentEnded: tally.failures.length,
      calls: tally.calls,
      openQuestions: tally.waiting,
    },
    limits: await limitFacts(context, run, { proposed, reading: examination.reading, agent }),
  };
}

async function plantedCanary(tx: Reader, { agent }: StoredRun, proposed: ProposedAction): Promise<Canary | null> {
  const id = canaryIdOf(proposed);
  const canary = id === null ? undefined : await findCanary(tx, id);
  return canary?.agent === agent ? canary : null;
}
