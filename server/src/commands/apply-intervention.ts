import type { Action, Intervene, Intervention, InterventionEffect, RunWork } from "@pullcord/sdk/protocol";
import { transitionRun, type RunEvent } from "../domain/run-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { listUnstartedActions } from "../store/actions.js";
import { deferExpiries } from "../store/approvals.js";
import { insertIntervention, queueInstruction } from "../store/interventions.js";
import { deferPlanExpiry } from "../store/plans.js";
import { updateRun, type StoredRun } from "../store/runs.js";
import type { CommandContext, Outside } from "./context.js";
import { letGoOn } from "./continue-run.js";
import { endPlansOf } from "./end-plan.js";
import { resetRunBreakers } from "./move-breakers.js";
import { recordMaking, recordRunEvent } from "./record-intervention.js";
import { systemActor } from "./system-actor.js";
import { tallyAuthorised } from "./tally.js";
import { cancelAction } from "./withdraw-action.js";

/** How an intervention is carried out. */
interface Applying {
  /** Decides what waited for the resume. */
  readonly decideHeld?: (run: StoredRun) => Promise<void>;
  /** A resume that lets the run go on without giving it more: its limits count on. */
  readonly keepsCounts?: boolean;
  /** An action that a stop leaves alone, since it is being decided. */
  readonly except?: string;
}

/** Carries out an intervention on these runs and writes it down; processes are reached after the commit. Changes `runs`. */
export async function makeIntervention(
  context: CommandContext,
  input: Intervene,
  { runs, ...applying }: { readonly runs: readonly StoredRun[] } & Applying,
): Promise<Intervention> {
  const { tx, now, actor, outside } = context;
  const id = outside.newId("interventions");
  await recordMaking(context, { ...input, id, runIds: runs.map((run) => run.id) });
  const work: RunWork[] = [];
  const effects: InterventionEffect[] = [];
  for (const run of runs) {
    const found = await applyTo(context, run, { ...input, ...applying, id });
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
  return intervention;
}

/** Returns how a stop found the run. */
export async function applyTo(
  context: CommandContext,
  run: StoredRun,
  { kind, id, text, decideHeld, keepsCounts = false, except }: Intervene & { readonly id: string } & Applying,
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
  const work = kind === "stop" ? await cutWork(context, run, except) : null;
  if (kind === "resume" && changed) {
    if (!keepsCounts) {
      tallyAuthorised(run, now);
      await resetRunBreakers(context, run);
    }
    if (before.status === "paused" && outside.policy().oversight.pauseStopsExpiry) {
      await deferExpiries(tx, run.id, now - before.at);
      await deferPlanExpiry(tx, run.id, now - before.at);
    }
    await decideHeld?.(run);
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
async function cutWork(context: CommandContext, run: StoredRun, except: string | undefined): Promise<RunWork> {
  const unstarted = await listUnstartedActions(context.tx, run.id, ["held", "waiting", "approved"]);
  const open = unstarted.filter(({ id }) => id !== except);
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
