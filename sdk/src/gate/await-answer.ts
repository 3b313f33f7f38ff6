import { setTimeout as sleep } from "node:timers/promises";
import type { AgentClient } from "../client/index.js";
import { isPullcordError, type ActionAnswer, type PlanAnswer } from "../protocol/index.js";
import { gateClosed, noAnswer } from "./guidance.js";

/** A server that restarts keeps the question; this long it may be away while a person is asked, in milliseconds. */
const longestOutageMs = 10 * 60_000;
const firstRetryMs = 250;
const longestRetryMs = 5_000;
/** A server that answers `wait` without holding the line is asked no more often than this, in milliseconds. */
export const shortestWaitMs = 1_000;

export interface Waiting {
  readonly url: string;
  readonly signal: AbortSignal;
}

/**
 * Waits until a person, a policy or the clock has answered, for as long as that takes.
 * @param ask asks once more: `askAgain` or `askPlanAgain`
 * @throws PullcordError `unavailable`/`gate_closed` when the server stays away, or answers what is no answer
 */
export async function awaitAnswer<Answer extends { readonly next: string }>(
  first: Answer,
  ask: () => Promise<Answer>,
  { url, signal }: Waiting,
): Promise<Answer> {
  let answer = first;
  let awaySince: number | null = null;
  let retryMs = firstRetryMs;
  while (answer.next === "wait") {
    try {
      answer = await ask();
      awaySince = null;
      retryMs = firstRetryMs;
    } catch (error) {
      signal.throwIfAborted();
      if (!isPullcordError(error) || error.code !== "unavailable") throw error;
      awaySince ??= Date.now();
      if (Date.now() - awaySince > longestOutageMs) throw gateClosed(url, error);
      await sleep(retryMs, undefined, { signal });
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
  }
  return answer;
}

export interface AskAgain {
  /** The server may hold the line this long. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Asks once more what became of an action. @throws as `requireAnswer` and the client do */
export function askAgain(client: AgentClient, actionId: string, { waitMs, signal }: AskAgain): Promise<ActionAnswer> {
  return inItsTime(async () => requireAnswer(await client.awaitAnswer(actionId, waitMs, { signal })), signal);
}

/** Asks once more what became of a plan. */
export function askPlanAgain(client: AgentClient, planId: string, { waitMs, signal }: AskAgain): Promise<PlanAnswer> {
  return inItsTime(async () => requirePlanAnswer(await client.awaitPlan(planId, waitMs, { signal })), signal);
}

/** Takes its time over an answer that is to wait. */
async function inItsTime<Answer extends { readonly next: string }>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const askedAt = Date.now();
  const answer = await ask();
  const tookMs = Date.now() - askedAt;
  if (answer.next === "wait" && tookMs < shortestWaitMs) await sleep(shortestWaitMs - tookMs, undefined, { signal });
  return answer;
}

/** What is no answer counts as none. @throws PullcordError `unavailable`/`gate_closed` */
export function requireAnswer(answer: ActionAnswer): ActionAnswer {
  const given = answer as Partial<ActionAnswer> | null | undefined;
  const isAnswer =
    typeof given?.action?.id === "string" &&
    typeof given.action.digest === "string" &&
    typeof given.guidance === "string" &&
    nexts.includes(given.next ?? "") &&
    Array.isArray(given.instructions);
  if (!isAnswer) throw noAnswer();
  return answer;
}

const nexts: readonly string[] = ["run", "consume", "wait", "deny"];

/** The same for a plan. @throws PullcordError `unavailable`/`gate_closed` */
export function requirePlanAnswer(answer: PlanAnswer): PlanAnswer {
  const given = answer as Partial<PlanAnswer> | null | undefined;
  const isAnswer =
    typeof given?.plan?.id === "string" &&
    Array.isArray(given.plan.steps) &&
    typeof given.guidance === "string" &&
    planNexts.includes(given.next ?? "");
  if (!isAnswer) throw noAnswer();
  return answer;
}

const planNexts: readonly string[] = ["wait", "follow", "deny"];
