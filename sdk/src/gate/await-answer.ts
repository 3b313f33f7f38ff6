import { setTimeout as sleep } from "node:timers/promises";
import type { AgentClient } from "../client/index.js";
import { isPullcordError, limits, type ActionAnswer } from "../protocol/index.js";
import { gateClosed, noAnswer } from "./guidance.js";

/** A server that restarts keeps the question; this long it may be away while a person is asked, in milliseconds. */
const longestOutageMs = 10 * 60_000;
const firstRetryMs = 250;
const longestRetryMs = 5_000;
/** A server that answers `wait` without holding the line is asked no more often than this, in milliseconds. */
export const shortestWaitMs = 1_000;

export interface Waiting {
  readonly client: AgentClient;
  readonly url: string;
  readonly signal: AbortSignal;
}

/**
 * Waits until a person, a policy or the clock has answered, for as long as that takes.
 * @throws PullcordError `unavailable`/`gate_closed` when the server stays away, or answers what is no answer
 */
export async function awaitAnswer(first: ActionAnswer, { client, url, signal }: Waiting): Promise<ActionAnswer> {
  let answer = first;
  let awaySince: number | null = null;
  let retryMs = firstRetryMs;
  while (answer.next === "wait") {
    try {
      answer = await askAgain(client, first.action.id, { waitMs: limits.longPollMs, signal });
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

/** Asks once more, and takes its time over an answer that is to wait. @throws as `requireAnswer` and the client do */
export async function askAgain(client: AgentClient, actionId: string, { waitMs, signal }: AskAgain): Promise<ActionAnswer> {
  const askedAt = Date.now();
  const answer = requireAnswer(await client.awaitAnswer(actionId, waitMs, { signal }));
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
