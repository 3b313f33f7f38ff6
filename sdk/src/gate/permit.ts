import { setTimeout as sleep } from "node:timers/promises";
import type { AgentClient } from "../client/index.js";
import { actionDigest } from "../protocol/digest.js";
import type { ActionAnswer, JsonObject, ProposedAction, Run } from "../protocol/index.js";
import { requireAnswer, shortestWaitMs } from "./await-answer.js";
import { denied, digestMismatch, runStopped } from "./guidance.js";

export interface Permit {
  readonly actionId: string;
  /** What runs: the proposed arguments, or those that a person put in their place. */
  readonly arguments: JsonObject;
}

export interface PermitRequest {
  readonly client: AgentClient;
  readonly run: Pick<Run, "id" | "agent">;
  /** As this program proposed it, never as the server sent it back. */
  readonly proposed: ProposedAction;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The permit for one action, checked where it runs: the digest is worked out here, from what this program proposed.
 * Anything but a clear yes is a no (I1 to I3). Null means not yet: wait for another answer.
 * @throws PullcordError `forbidden`/`denied` or `forbidden`/`stopped`, `conflict`/`digest_mismatch`, `unavailable`
 */
export async function takePermit(answer: ActionAnswer, { client, run, proposed, signal }: PermitRequest): Promise<Permit | null> {
  refuseDenied(answer);
  const { approvedArguments, digest, approvedDigest, id } = answer.action;
  const here = actionDigest({
    agent: run.agent,
    runId: run.id,
    proposed,
    ...(approvedArguments === undefined ? {} : { approvedArguments }),
  });
  if (here !== (approvedDigest ?? digest)) throw digestMismatch();
  const permit: Permit = { actionId: id, arguments: approvedArguments ?? proposed.arguments };
  if (answer.next === "run" && approvedArguments === undefined) return permit;
  if (answer.next !== "consume") throw denied("Pullcord: the server's answer was no clear yes, so this does not run.");
  const started = requireAnswer(await client.start(id, here, { signal }));
  refuseDenied(started);
  if (started.next === "run") return permit;
  if (started.next !== "wait") throw denied("Pullcord: the server did not take the permit, so this does not run.");
  // Paused between the approval and its use: the approval holds, and counts when the run goes on.
  await sleep(shortestWaitMs, undefined, signal ? { signal } : {});
  return null;
}

function refuseDenied({ next, stop, guidance }: ActionAnswer): void {
  if (next === "deny") throw stop ? runStopped(guidance) : denied(guidance);
}
