import { PullcordError, type Actor, type ActionAnswer } from "@pullcord/sdk/protocol";
import { answerFor } from "../commands/answer.js";
import type { CommandRunner } from "../commands/runner.js";
import { requireAction, requireRun } from "../commands/require.js";

/** A wait for an action's answer. */
export interface Wait {
  readonly actionId: string;
  readonly waitMs: number;
  /** The caller's: aborts when nobody listens any more. */
  readonly signal: AbortSignal;
  /** The server's: it answers what is known before it closes. */
  readonly closing: AbortSignal;
}

/**
 * Waits until an action has an answer, for at most `waitMs`, and no longer than the caller does.
 * Woken by what is recorded about the action or its run; what it answers is read afresh.
 * @throws PullcordError `unavailable`/`caller_gone` when nobody is there to be answered
 */
export async function awaitAnswer(
  runner: Pick<CommandRunner, "store" | "outside" | "now">,
  actor: Actor,
  wait: Wait,
): Promise<ActionAnswer> {
  const { store, outside } = runner;
  const action = await requireAction(store.read, actor, wait.actionId);
  const limit = AbortSignal.any([AbortSignal.timeout(wait.waitMs), wait.signal, wait.closing]);
  for (;;) {
    outside.signsOfLife.note(action.runId, runner.now);
    // Listen before looking, so that nothing falls between.
    const wake = nextRecord(runner, { actionId: action.id, runId: action.runId }, limit);
    const answer = answerFor(await requireAction(store.read, actor, action.id), {
      run: await requireRun(store.read, actor, action.runId),
      outside,
    });
    if (answer.next !== "wait" || limit.aborted) {
      wake.cancel();
      return answer;
    }
    await wake.happened;
    if (wait.signal.aborted) throw new PullcordError("unavailable", "caller_gone", "The caller did not wait for the answer.");
  }
}

function nextRecord(
  { store, outside }: Pick<CommandRunner, "store" | "outside">,
  about: { readonly actionId: string; readonly runId: string },
  limit: AbortSignal,
): { happened: Promise<void>; cancel: () => void } {
  let cancel = () => {};
  const happened = new Promise<void>((resolve) => {
    const unsubscribe = store.subscribe((entries) => {
      if (entries.some((entry) => entry.actionId === about.actionId || (entry.runId === about.runId && entry.type.startsWith("run."))))
        cancel();
    });
    const unhold = outside.unrecorded.subscribe(({ runIds }) => {
      if (runIds.includes(about.runId)) cancel();
    });
    cancel = () => {
      unsubscribe();
      unhold();
      limit.removeEventListener("abort", cancel);
      resolve();
    };
    limit.addEventListener("abort", cancel);
  });
  return { happened, cancel };
}
