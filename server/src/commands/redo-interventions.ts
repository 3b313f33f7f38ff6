import type { Intervention } from "@pullcord/sdk/protocol";
import { listInterventions } from "../store/interventions.js";
import { findRun, type StoredRun } from "../store/runs.js";
import { reachProcesses } from "./apply-intervention.js";
import { leftBehindMs } from "./intervene.js";
import type { CommandRunner } from "./runner.js";

/** Most interventions that are looked at after a start, the newest first. */
const mostLookedAt = 1_000;

/**
 * What was on record when the server went down, and had not reached the run's processes: they are ended, frozen or let
 * go on now. Without this a crash right after a stop would leave a run alive that counts as stopped.
 */
export async function redoInterventions(runner: CommandRunner): Promise<void> {
  const { store, outside, now } = runner;
  const newer = new Set<string>();
  for (const intervention of await listInterventions(store.read, { limit: mostLookedAt })) {
    if (intervention.at < now - leftBehindMs) return;
    if (intervention.kind === "instruct") continue;
    const unreached: StoredRun[] = [];
    for (const runId of intervention.runIds) {
      const run = newer.has(runId) ? undefined : await findRun(store.read, runId);
      newer.add(runId);
      if (run && isUnreached(run, intervention)) unreached.push(run);
    }
    reachProcesses(outside, intervention, unreached);
  }
}

/** By the newest act on a run. What came of a resume nobody reports, and to let go on what goes on already does nothing. */
function isUnreached({ id, state }: StoredRun, { kind, id: interventionId, effects }: Intervention): boolean {
  if (kind === "resume") return state.status === "running";
  const isReported = effects.some(({ runId, step }) => runId === id && ["ended", "unproven", "frozen"].includes(step));
  return !isReported && (state.status === "stopped" || state.status === "paused") && state.interventionId === interventionId;
}
