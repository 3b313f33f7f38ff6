import { lookForPerson } from "../commands/dead-man.js";
import { expirePlans } from "../commands/end-plan.js";
import { expireRequests } from "../commands/expire-requests.js";
import { wakeBreakers } from "../commands/move-breakers.js";
import { forgetHistory, historyToForget } from "../commands/forget-history.js";
import { interveneRegardless, recordHeldStop } from "../commands/stop-regardless.js";
import { systemCaller, type CommandRunner } from "../commands/runner.js";
import { dueRequests } from "../store/approvals.js";
import { duePlans } from "../store/plans.js";
import { dueBreakers } from "../store/breakers.js";
import { forgetOldAnswers } from "../commands/server-records.js";
import { LostRuns } from "./lost-runs.js";

/** How late an expiry may be, in milliseconds. */
const expiryEveryMs = 250;
/** How late the kill file may stop what is waiting; each decision looks at it by itself. */
const killFileEveryMs = 200;
/** How often a stop that the database could not keep is tried to be recorded, in milliseconds. */
const recordHeldEveryMs = 500;
/** How late the dead man's timer may be, in milliseconds. */
const deadManEveryMs = 1_000;
/** How often answers that nobody can ask for any more, and history that the policy lets go, are forgotten, in milliseconds. */
const forgetEveryMs = 15 * 60_000;
/** How often snapshots are let go of that are kept long enough, in milliseconds. */
const letGoEveryMs = 24 * 3_600_000;
/** How late a breaker may cool down, or a hold end, on record; each decision looks at the time by itself. */
const breakersEveryMs = 1_000;
/** How often runs are looked for whose supervisor has died, in milliseconds; two looks have to agree. */
const lostRunsEveryMs = 1_000;

export interface ClockOptions {
  readonly runner: CommandRunner;
  readonly signal: AbortSignal;
  readonly onFailure: (error: unknown) => void;
}

/** What happens by itself with time, each thing at its own pace. All of it through the commands. */
export function startClock({ runner, signal, onFailure }: ClockOptions): void {
  every(expiryEveryMs, { signal, onFailure }, async () => {
    // Looked at beside the writer, so that an idle server writes nothing.
    while ((await isDue(runner)).length > 0) {
      if ((await runner.run(expireRequests, undefined, systemCaller)) === 0) return;
    }
  });
  every(expiryEveryMs, { signal, onFailure }, async () => {
    while ((await duePlans(runner.store.read, { now: runner.now, limit: 1 })).length > 0) {
      if ((await runner.run(expirePlans, undefined, systemCaller)) === 0) return;
    }
  });
  every(breakersEveryMs, { signal, onFailure }, async () => {
    if ((await dueBreakers(runner.store.read, runner.now)).length > 0) await runner.run(wakeBreakers, undefined, systemCaller);
  });
  every(forgetEveryMs, { signal, onFailure }, async () => {
    await runner.run(forgetOldAnswers, undefined, systemCaller);
    await forgetOldHistory(runner, signal);
  });
  every(recordHeldEveryMs, { signal, onFailure: () => {} }, async () => {
    for (const held of runner.outside.unrecorded.list()) await runner.run(recordHeldStop, held, systemCaller);
  });
  every(letGoEveryMs, { signal, onFailure }, async () => runner.outside.snapshots.letGo());
  const lostRuns = new LostRuns(runner);
  every(lostRunsEveryMs, { signal, onFailure }, () => lostRuns.look());
  every(deadManEveryMs, { signal, onFailure }, () => lookForPerson(runner));
  let wasPresent = false;
  every(killFileEveryMs, { signal, onFailure }, async () => {
    const isPresent = runner.outside.killFilePresent();
    if (isPresent && !wasPresent) await stopEverything(runner);
    wasPresent = isPresent;
  });
}

/** A batch at a time, other commands between. */
async function forgetOldHistory(runner: CommandRunner, signal: AbortSignal): Promise<void> {
  const over = await historyToForget(runner.store.read, runner.outside, runner.now);
  if (!over) return;
  while (!signal.aborted) if (!(await runner.run(forgetHistory, over, systemCaller))) return;
}

function isDue({ store, outside, now }: CommandRunner): Promise<string[]> {
  return dueRequests(store.read, { now, limit: 1, exceptPaused: outside.policy().oversight.pauseStopsExpiry });
}

async function stopEverything(runner: CommandRunner): Promise<void> {
  const caller = { actor: { kind: "system", id: "kill-file" }, principal: "system" } as const;
  await interveneRegardless(runner, { kind: "stop", scope: { kind: "everything" }, reason: "The kill file is there." }, caller);
}

/** Does the work again and again, one at a time, until the signal aborts. */
function every(ms: number, { signal, onFailure }: Pick<ClockOptions, "signal" | "onFailure">, work: () => Promise<void>): void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    work()
      .catch((error: unknown) => {
        if (!signal.aborted) onFailure(error);
      })
      .finally(() => {
        busy = false;
      });
  }, ms);
  timer.unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
