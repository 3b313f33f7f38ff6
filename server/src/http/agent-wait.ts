import { PullcordError, type Actor, type ActionAnswer, type AuditEntry, type PlanAnswer } from "@pullcord/sdk/protocol";
import { answerFor } from "../commands/answer.js";
import { planAnswer } from "../commands/plan-answer.js";
import type { CommandRunner } from "../commands/runner.js";
import { requireAction, requirePlan, requireRun } from "../commands/require.js";

type Parts = Pick<CommandRunner, "store" | "outside" | "now">;

/** A wait for an answer. */
export interface Wait {
  /** Of the action or the plan. */
  readonly id: string;
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
export async function awaitAnswer(runner: Parts, actor: Actor, wait: Wait): Promise<ActionAnswer> {
  const { store, outside } = runner;
  const { id, runId } = await requireAction(store.read, actor, wait.id);
  return waitFor(runner, wait, {
    runId,
    isAbout: (entry) => entry.actionId === id,
    look: async () => answerFor(await requireAction(store.read, actor, id), { run: await requireRun(store.read, actor, runId), outside }),
  });
}

/** The same for a plan that was handed in. */
export async function awaitPlanAnswer(runner: Parts, actor: Actor, wait: Wait): Promise<PlanAnswer> {
  const { id, runId } = await requirePlan(runner.store.read, actor, wait.id);
  return waitFor(runner, wait, {
    runId,
    isAbout: (entry) => entry.type.startsWith("plan.") && entry.body["plan"] === id,
    look: () => planAnswerNow(runner, actor, id),
  });
}

/** What a plan's agent has to do as things stand. */
export async function planAnswerNow({ store, outside }: Omit<Parts, "now">, actor: Actor, planId: string): Promise<PlanAnswer> {
  const plan = await requirePlan(store.read, actor, planId);
  return planAnswer(plan, { run: await requireRun(store.read, actor, plan.runId), outside });
}

/** What is waited for. */
interface Expected<Answer> {
  readonly runId: string;
  /** Whether an entry of the record may have changed the answer; what happens to the run always may. */
  readonly isAbout: (entry: AuditEntry) => boolean;
  readonly look: () => Promise<Answer>;
}

async function waitFor<Answer extends { readonly next: string }>(
  runner: Parts,
  wait: Wait,
  { runId, isAbout, look }: Expected<Answer>,
): Promise<Answer> {
  const limit = AbortSignal.any([AbortSignal.timeout(wait.waitMs), wait.signal, wait.closing]);
  for (;;) {
    runner.outside.signsOfLife.note(runId, runner.now);
    // Listen before looking, so that nothing falls between.
    const wake = nextRecord(runner, { runId, isAbout }, limit);
    const answer = await look();
    if (answer.next !== "wait" || limit.aborted) {
      wake.cancel();
      return answer;
    }
    await wake.happened;
    if (wait.signal.aborted) throw new PullcordError("unavailable", "caller_gone", "The caller did not wait for the answer.");
  }
}

function nextRecord(
  { store, outside }: Omit<Parts, "now">,
  { runId, isAbout }: Pick<Expected<unknown>, "runId" | "isAbout">,
  limit: AbortSignal,
): { happened: Promise<void>; cancel: () => void } {
  let cancel = () => {};
  const happened = new Promise<void>((resolve) => {
    const unsubscribe = store.subscribe((entries) => {
      if (entries.some((entry) => isAbout(entry) || (entry.runId === runId && entry.type.startsWith("run.")))) cancel();
    });
    const unhold = outside.unrecorded.subscribe(({ runIds }) => {
      if (runIds.includes(runId)) cancel();
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
