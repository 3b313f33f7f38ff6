import type { Run, RunSummary } from "@pullcord/sdk/protocol";
import { autonomyInForce } from "../domain/autonomy.js";
import { findAgent } from "../store/agents.js";
import type { StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";
import type { Outside } from "./context.js";
import { dialFor } from "./dial.js";

/** A run as its client sees it: with the autonomy and trust that hold for it now. */
export async function viewRun(
  reader: Reader,
  outside: Pick<Outside, "policy" | "unrecorded">,
  { id, agent, opening, state, openedAt }: StoredRun,
): Promise<Run> {
  const trustTier = (await findAgent(reader, agent))?.trust.tier ?? "restricted";
  const policy = outside.policy();
  const { level, from } = autonomyInForce({ autonomySet: await dialFor(reader, { id, agent, opening }, { policy }), policy, trustTier });
  const { task, externalId, workingDirectory, environment } = opening;
  const { serverSilent } = policy.oversight;
  return {
    id,
    agent,
    task,
    ...(externalId === undefined ? {} : { externalId }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(environment === undefined ? {} : { environment }),
    containment: opening.containment ?? (opening.process?.marker ? "marker" : "none"),
    labels: opening.labels ?? {},
    state: outside.unrecorded.stateOf({ id, state }),
    autonomy: { level, from },
    trustTier,
    openedAt,
    ...(serverSilent ? { serverSilent } : {}),
  };
}

/** A run as the board shows it. */
export async function summarizeRun(reader: Reader, outside: Pick<Outside, "policy" | "unrecorded">, run: StoredRun): Promise<RunSummary> {
  const { now, waiting, questions, actions, denied, riskTrail } = run.tally;
  return {
    ...(await viewRun(reader, outside, run)),
    now,
    progress: run.progress,
    waiting,
    questions,
    actions,
    denied,
    riskTrail,
    lastActivityAt: run.lastActivityAt,
  };
}
