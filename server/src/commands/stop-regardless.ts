import { isPullcordError, type Intervene, type Intervention, type RunWork } from "@pullcord/sdk/protocol";
import { insertIntervention } from "../store/interventions.js";
import { listUnstartedActions } from "../store/actions.js";
import { findRun, type StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";
import type { Command } from "./context.js";
import { applyTo, cancelledBy, reachProcesses, workOf } from "./apply-intervention.js";
import { intervene, runsIn } from "./intervene.js";
import { recordMaking } from "./record-intervention.js";
import type { Caller, CommandRunner } from "./runner.js";
import { systemActor } from "./system-actor.js";

/**
 * Intervenes; a stop takes effect also when the database cannot write. Then it holds in memory, the processes are ended
 * and the live streams are told; `unrecorded` says that it is not on record, and the clock records it when it can.
 */
export async function interveneRegardless(runner: CommandRunner, input: Intervene, caller: Caller): Promise<Intervention> {
  try {
    return await runner.run(intervene, input, caller);
  } catch (error) {
    if (input.kind !== "stop" || !isPullcordError(error) || error.code !== "unavailable" || error.reason === "closing") throw error;
    return stopInMemory(runner, input, caller);
  }
}

async function stopInMemory({ store, outside, now }: CommandRunner, input: Intervene, { actor }: Caller): Promise<Intervention> {
  const found = await runsIn({ tx: store.read }, input.scope);
  const runs = found.filter((run) => ["running", "paused"].includes(outside.unrecorded.stateOf(run).status));
  const work: RunWork[] = [];
  for (const run of runs) work.push(await workIn(store.read, run));
  const stop: Intervention = {
    ...input,
    id: outside.newId("interventions"),
    by: actor,
    requestedAt: now,
    at: now,
    runIds: runs.map(({ id }) => id),
    effects: runs.map(({ id }) => ({ runId: id, step: "acknowledged", at: now, by: systemActor })),
    cancelledRequests: cancelledBy(work),
    work,
    unrecorded: true,
  };
  outside.unrecorded.hold(stop);
  reachProcesses(outside, stop, runs);
  return stop;
}

async function workIn(reader: Reader, run: StoredRun): Promise<RunWork> {
  return workOf(run, await listUnstartedActions(reader, run.id, ["held", "waiting", "approved"]));
}

/** Writes down a stop that held in memory. What is on record of its runs changes only now; the time is when it held. */
export const recordHeldStop: Command<Intervention, void> = async (context, { unrecorded, ...held }) => {
  if (!unrecorded) return;
  const acting = { ...context, actor: held.by };
  await recordMaking(acting, { ...held, heldSince: held.at });
  const work: RunWork[] = [];
  for (const id of held.runIds) {
    const run = await findRun(context.tx, id);
    if (run?.state.status !== "running" && run?.state.status !== "paused") continue;
    const met = await applyTo(acting, run, held);
    if (met) work.push(met);
  }
  await insertIntervention(context.tx, { ...held, work, cancelledRequests: cancelledBy(work) });
  context.afterCommit(() => context.outside.unrecorded.release(held.id));
};
