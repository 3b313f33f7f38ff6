import { PullcordError } from "@pullcord/sdk/protocol";
import { bindAgentToken, revokeTokenOfRun, runOfToken } from "../store/agent-tokens.js";
import { appendEntry } from "../store/audit.js";
import { findRun, type StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";

/**
 * A token that was made for one run belongs to the first that it opens. What that run starts may open more with it, but
 * nothing once the run is stopped: else whoever was stopped would simply begin again.
 * @throws PullcordError `forbidden`/`run_stopped`
 */
export async function bindToken({ tx }: CommandContext, { tokenId, id }: StoredRun): Promise<void> {
  if (await bindAgentToken(tx, { tokenId, runId: id })) return;
  const first = await runOfToken(tx, tokenId);
  const run = first === undefined ? undefined : await findRun(tx, first);
  if (run?.state.status !== "stopped") return;
  const text = `This token was made for run ${run.id}, which is stopped: it opens no other. Do nothing more and tell your human.`;
  throw new PullcordError("forbidden", "run_stopped", text);
}

/** A run that is over, or lost, leaves no token behind. */
export async function endToken({ tx, now, actor }: CommandContext, { id: runId }: StoredRun): Promise<void> {
  const token = await revokeTokenOfRun(tx, { runId, at: now });
  if (token) await appendEntry(tx, { type: "agent_token.revoked", at: now, actor, runId, body: { ...token } });
}
