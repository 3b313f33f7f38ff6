import {
  PullcordError,
  type Action,
  type Actor,
  type Intervene,
  type Intervention,
  type InterventionEffect,
  type RunWork,
  type Scope,
} from "@pullcord/sdk/protocol";
import { transitionRun, type RunEvent } from "../domain/run-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { listUnstartedActions, updateAction } from "../store/actions.js";
import { deferExpiries } from "../store/approvals.js";
import { insertIntervention, queueInstruction } from "../store/interventions.js";
import { deferPlanExpiry } from "../store/plans.js";
import { findRun, openRuns, runsWithProcesses, updateRun, type StoredRun } from "../store/runs.js";
import type { Command, CommandContext, LookContext, Outside } from "./context.js";
import { letGoOn } from "./continue-run.js";
import { systemActor } from "./system-actor.js";
import { decideAction } from "./decide-action.js";
import { endPlansOf } from "./end-plan.js";
import { examine, type Examination } from "./examine-action.js";
import { recordMaking, recordRunEvent } from "./record-intervention.js";
import { reviewAction } from "./review-action.js";
import { tallyAuthorised } from "./tally.js";
import { cancelAction } from "./withdraw-action.js";

/** What was held, by the action's id, as it was read just before. */
type Examinations = ReadonlyMap<string, Examination>;

/** Stop, pause, resume or instruct a run, an agent or everything (P24 to P32). Acknowledged when it answers (I6). */
export const intervene: Command<Intervene, Intervention, Examinations> = async (context, input, ahead = new Map()) => {
  const { tx, now, actor, outside } = context;
  const left = input.kind === "stop" ? await leftBehind(context, input.scope) : [];
  const runs = (await runsIn(context, input.scope)).filter((run) => !left.some(({ id }) => id === run.id));
  requireReach(input, runs);
  const id = outside.newId("interventions");
  await recordMaking(context, { ...input, id, runIds: runs.map((run) => run.id) });
  const work: RunWork[] = [];
  const effects: InterventionEffect[] = [];
  for (const run of runs) {
    const found = await applyTo(context, run, { ...input, id, ahead });
    if (found) work.push(found);
    effects.push({ runId: run.id, step: "acknowledged", at: now, by: systemActor });
  }
  const intervention: Intervention = {
    ...input,
    id,
    by: actor,
    requestedAt: context.askedAt,
    at: now,
    runIds: runs.map((run) => run.id),
    effects,
    cancelledRequests: cancelledBy(work),
    ...(input.kind === "stop" ? { work } : {}),
  };
  await insertIntervention(tx, intervention);
  if (input.kind !== "instruct") context.afterCommit(() => reachProcesses(outside, intervention, runs));
  for (const { id: runId, opening } of left) {
    const { process } = opening;
    if (process) context.afterCommit(() => outside.endLeftProcesses({ runId, interventionId: id, process }));
  }
  return intervention;
};

intervene.isUrgent = ({ kind }) => kind === "stop" || kind === "pause";

/** A resume decides what was held: each of it is read here, and reviewed as it would be decided then. */
intervene.lookAhead = async (context, { kind, scope }) => {
  if (kind !== "resume") return undefined;
  const examining: Promise<readonly [string, Examination]>[] = [];
  for (const run of await runsIn(context, scope)) {
    if (run.state.status !== "paused") continue;
    const resumed: StoredRun = { ...run, state: { status: "running" }, tally: { ...run.tally } };
    tallyAuthorised(resumed, context.now);
    for (const { id, proposed } of await heldActions(context, run)) {
      const examination = examine(context, resumed, proposed);
      examining.push(reviewAction(context, resumed, { proposed, examination }).then((one) => [id, one]));
    }
  }
  return new Map(await Promise.all(examining));
};

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

/** Returns how a stop found the run. */
export async function applyTo(
  context: CommandContext,
  run: StoredRun,
  { kind, id, text, ahead }: Intervene & { readonly id: string; readonly ahead: Examinations },
): Promise<RunWork | null> {
  const { tx, now, outside } = context;
  if (kind === "instruct") {
    await queueInstruction(tx, { interventionId: id, runId: run.id, text: text ?? "", queuedAt: now });
    return null;
  }
  if (kind === "resume" && run.state.status === "stopped") {
    await letGoOn(context, run, id);
    return null;
  }
  const before = run.state;
  run.state = nextOrThrow(transitionRun(run.state, eventOf(kind, id), now));
  const changed = run.state.status !== before.status;
  const work = kind === "stop" ? await cutWork(context, run) : null;
  if (kind === "resume" && changed) {
    tallyAuthorised(run, now);
    if (before.status === "paused" && outside.policy().oversight.pauseStopsExpiry) {
      await deferExpiries(tx, run.id, now - before.at);
      await deferPlanExpiry(tx, run.id, now - before.at);
    }
    await decideHeldActions(context, run, ahead);
  }
  if (changed) await recordRunEvent(context, run, { kind, interventionId: id, work });
  run.lastActivityAt = now;
  await updateRun(tx, run);
  return work;
}

function eventOf(kind: "stop" | "pause" | "resume", interventionId: string): RunEvent {
  return { kind, interventionId };
}

/** A stop releases whoever waits, and revokes what was approved and not used (P26, R26). */
async function cutWork(context: CommandContext, run: StoredRun): Promise<RunWork> {
  const open = await listUnstartedActions(context.tx, run.id, ["held", "waiting", "approved"]);
  const reason = context.actor.kind === "person" ? "A person stopped the run." : `The run was stopped by ${context.actor.id}.`;
  for (const action of open) await cancelAction(context, { run, action }, { by: context.actor, reason });
  await endPlansOf(context, run, { why: "stopped", reason });
  return workOf(run, open);
}

/** What a stop finds in a run whose `open` actions have not begun. */
export function workOf({ id: runId, tally }: StoredRun, open: readonly Action[]): RunWork {
  const count = (status: Action["state"]["status"]) => open.filter((action) => action.state.status === status).length;
  return {
    runId,
    finished: tally.finished,
    underWay: tally.underWay,
    neverBegun: open.slice(0, mostNeverBegun).map(({ id }) => id),
    permitsRevoked: count("approved"),
    requestsCancelled: count("waiting"),
  };
}

export function cancelledBy(work: readonly RunWork[]): number {
  return work.reduce((sum, { permitsRevoked, requestsCancelled }) => sum + permitsRevoked + requestsCancelled, 0);
}

/** More are never open at a time: questions are limited, and a paused run holds few. */
const mostNeverBegun = 50;

/** What waited for the resume is decided anew, in the order it was proposed. */
async function decideHeldActions(context: CommandContext, run: StoredRun, ahead: Examinations): Promise<void> {
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

/** A stop ends processes, also those whose supervisor does not; a pause freezes where it says so, and a resume thaws. */
export function reachProcesses(
  outside: Pick<Outside, "endProcesses" | "freezeProcesses" | "thawProcesses">,
  { id, kind, freeze }: Intervention,
  runs: readonly StoredRun[],
): void {
  for (const run of runs) {
    const { process } = run.opening;
    if (!process) continue;
    const task = { runId: run.id, interventionId: id, process };
    if (kind === "stop") outside.endProcesses(task);
    else if (process.supervised) continue;
    else if (kind === "pause" && freeze) outside.freezeProcesses(task);
    else if (kind === "resume") outside.thawProcesses(task);
  }
}
