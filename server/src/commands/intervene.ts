import { PullcordError, type Action, type Actor, type Intervene, type Intervention, type Scope } from "@pullcord/sdk/protocol";
import { listUnstartedActions, updateAction } from "../store/actions.js";
import { findRun, openRuns, runsWithProcesses, type StoredRun } from "../store/runs.js";
import { makeIntervention } from "./apply-intervention.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { decideAction } from "./decide-action.js";
import { examine, type Examination } from "./examine-action.js";
import { reviewAction } from "./review-action.js";
import { tallyAuthorised } from "./tally.js";

/** What was held, by the action's id, as it was read just before. */
export type Examinations = ReadonlyMap<string, Examination>;

/** Stop, pause, resume or instruct a run, an agent or everything (P24 to P32). Acknowledged when it answers (I6). */
export const intervene: Command<Intervene, Intervention, Examinations> = async (context, input, ahead = new Map()) => {
  const { outside } = context;
  const left = input.kind === "stop" ? await leftBehind(context, input.scope) : [];
  const runs = (await runsIn(context, input.scope)).filter((run) => !left.some(({ id }) => id === run.id));
  requireReach(input, runs);
  const decideHeld = (run: StoredRun) => decideHeldActions(context, run, ahead);
  const intervention = await makeIntervention(context, input, { runs, decideHeld });
  for (const { id: runId, opening } of left) {
    const { process } = opening;
    if (process) context.afterCommit(() => outside.endLeftProcesses({ runId, interventionId: intervention.id, process }));
  }
  return intervention;
};

intervene.isUrgent = ({ kind }) => kind === "stop" || kind === "pause";

/** A resume decides what was held: each of it is read here, and reviewed as it would be decided then. */
intervene.lookAhead = async (context, { kind, scope }) =>
  kind === "resume" ? examineHeld(context, await runsIn(context, scope)) : undefined;

/** Reads what these runs hold, as it would be decided if they went on. */
export async function examineHeld(context: LookContext, runs: readonly StoredRun[]): Promise<Examinations> {
  const examining: Promise<readonly [string, Examination]>[] = [];
  for (const run of runs) {
    if (run.state.status !== "paused") continue;
    const resumed: StoredRun = { ...run, state: { status: "running" }, tally: { ...run.tally } };
    tallyAuthorised(resumed, context.now);
    for (const { id, proposed } of await heldActions(context, run)) {
      const examination = examine(context, resumed, proposed);
      examining.push(reviewAction(context, resumed, { proposed, examination }).then((one) => [id, one]));
    }
  }
  return new Map(await Promise.all(examining));
}

/** The runs of a scope that an intervention can still reach. */
export async function runsIn({ tx }: Pick<LookContext, "tx">, scope: Scope): Promise<StoredRun[]> {
  switch (scope.kind) {
    case "everything":
      return openRuns(tx);
    case "agent":
      return openRuns(tx, scope.id);
    case "run": {
      const run = await findRun(tx, scope.id);
      if (!run) throw new PullcordError("not_found", "unknown_run", `There is no run ${scope.id}.`, { field: "/scope/id" });
      return [run];
    }
  }
}

/** How long after its end a run's processes are still looked for, in milliseconds. */
export const leftBehindMs = 24 * 3_600_000;

/**
 * Finished runs whose processes may live on: an agent that says it is done is not believed by a stop. They stay finished;
 * the receipt names those of which something was found.
 */
async function leftBehind({ tx, now, outside }: CommandContext, scope: Scope): Promise<readonly StoredRun[]> {
  const since = now - leftBehindMs;
  if (scope.kind !== "run") return runsWithProcesses(tx, scope.kind === "agent" ? { agent: scope.id, since } : { since });
  const run = await findRun(tx, scope.id);
  if (run?.state.status !== "finished" || !run.opening.process) return [];
  return outside.lookAtProcesses(run.id, run.opening.process).items.length > 0 ? [run] : [];
}

/** Stopping everything when nothing runs is fine; telling something to nobody is a mistake worth saying. */
function requireReach({ kind, scope, text, freeze }: Intervene, runs: readonly StoredRun[]): void {
  if (freeze && kind !== "pause") throw new PullcordError("invalid", "freeze", "Only a pause can freeze.", { field: "/freeze" });
  if ((kind === "instruct") !== (text !== undefined)) {
    throw new PullcordError("invalid", "instruction_text", "Give the text of the instruction with kind instruct, and only there.", {
      field: "/text",
    });
  }
  if (
    kind === "instruct" &&
    (runs.length === 0 || (scope.kind === "run" && ["stopped", "finished"].includes(runs[0]?.state.status ?? "finished")))
  ) {
    throw new PullcordError("conflict", "nobody_to_tell", "There is no run that could still hear this.", { field: "/scope" });
  }
}

/** What waited for the resume is decided anew, in the order it was proposed. */
export async function decideHeldActions(context: CommandContext, run: StoredRun, ahead: Examinations): Promise<void> {
  const proposer: Actor = { kind: "agent", id: run.agent };
  for (const { id, digest, proposed, proposedAt, state } of await heldActions(context, run)) {
    if (run.state.status !== "running") return;
    // What was held only just now is not among them.
    const examination = ahead.get(id) ?? examine(context, run, proposed);
    const undecided = { id, digest, proposed, proposedAt, state };
    await updateAction(context.tx, await decideAction({ ...context, actor: proposer }, run, { undecided, examination }));
  }
}

function heldActions({ tx }: LookContext, run: StoredRun): Promise<Action[]> {
  return listUnstartedActions(tx, run.id, ["held"]);
}
