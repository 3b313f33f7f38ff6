import { setTimeout as sleep } from "node:timers/promises";
import type { AgentClient } from "../client/index.js";
import type { DeliveredInstruction } from "../protocol/index.js";
import { runStopped } from "./guidance.js";

/** A paused run asks this often whether it may go on, in milliseconds. */
const askEveryMs = 500;

/** Waits while the run is paused. @throws PullcordError `forbidden`/`stopped` */
export async function passSafePoint(client: AgentClient, runId: string, signal: AbortSignal): Promise<DeliveredInstruction[]> {
  const heard: DeliveredInstruction[] = [];
  for (;;) {
    const { status, guidance, instructions } = await client.safePoint(runId, { signal });
    heard.push(...instructions);
    if (status === "running") return heard;
    if (status !== "paused") throw runStopped(guidance);
    await sleep(askEveryMs, undefined, { signal });
  }
}
