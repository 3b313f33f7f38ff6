import { PullcordError, type Action, type Intervention, type RunWork, type StopReceipt, type StopTimes } from "@pullcord/sdk/protocol";
import { stopReceipt, type StoppedRun } from "../domain/stop-receipt.js";
import { stopTimes } from "../domain/stop-times.js";
import { findAction } from "../store/actions.js";
import { findIntervention, stopsSince } from "../store/interventions.js";
import { findRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";

/** The receipt of a stop as it stands now. @throws PullcordError `not_found`, `invalid`/`no_stop` */
export async function readStopReceipt(reader: Reader, id: string, now: number): Promise<StopReceipt> {
  const intervention = await findIntervention(reader, id);
  if (!intervention) throw new PullcordError("not_found", "unknown_intervention", `There is no intervention ${id}.`);
  return receiptOf(reader, intervention, now);
}

/** @throws PullcordError `invalid`/`no_stop` */
export async function receiptOf(reader: Reader, intervention: Intervention, now: number): Promise<StopReceipt> {
  if (intervention.kind !== "stop") {
    throw new PullcordError("invalid", "no_stop", `Intervention ${intervention.id} is no stop, and only a stop has a receipt.`);
  }
  const runs: StoppedRun[] = [];
  for (const runId of intervention.runIds) {
    const work = intervention.work?.find((each) => each.runId === runId);
    const run = await stoppedRun(reader, runId, work);
    if (run) runs.push(run);
  }
  return stopReceipt(intervention, runs, now);
}

async function stoppedRun(reader: Reader, runId: string, work: RunWork | undefined): Promise<StoppedRun | null> {
  const run = await findRun(reader, runId);
  if (!run) return null;
  const met: Action[] = [];
  for (const id of [...(work?.underWay ?? []), ...(work?.neverBegun ?? [])]) {
    const action = await findAction(reader, id);
    if (action) met.push(action);
  }
  const { task, externalId, process } = run.opening;
  return { id: run.id, agent: run.agent, task, externalId: externalId ?? null, process: process ?? null, met };
}

/** Most stops that the times are worked out from; the newest count. */
const mostStops = 10_000;

/** How fast stops were between `from` and `to`. */
export async function readStopTimes(reader: Reader, period: { readonly from: number; readonly to: number }): Promise<StopTimes> {
  return stopTimes(await stopsSince(reader, period.from, mostStops), period);
}
