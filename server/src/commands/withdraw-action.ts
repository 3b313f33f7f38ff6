import type { Action, Actor } from "@pullcord/sdk/protocol";
import { transitionAction } from "../domain/action-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { updateAction } from "../store/actions.js";
import { revokeRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { updateRun, type StoredRun } from "../store/runs.js";
import type { Command, CommandContext } from "./context.js";
import { requireAction, requireRun } from "./require.js";
import { tallyAnswered } from "./tally.js";

/** The agent does not wait for this action any more. */
export const withdrawAction: Command<{ readonly actionId: string; readonly reason: string }, Action> = async (
  context,
  { actionId, reason },
) => {
  const { tx, actor } = context;
  const action = await requireAction(tx, actor, actionId);
  const run = await requireRun(tx, actor, action.runId);
  const cancelled = await cancelAction(context, { run, action }, { by: actor, reason });
  await updateRun(tx, run);
  return cancelled;
};

/** Ends an action that has not run, and the question about it. Changes `run`; the caller writes it. */
export async function cancelAction(
  { tx, now }: CommandContext,
  { run, action }: { readonly run: StoredRun; readonly action: Action },
  { by, reason }: { readonly by: Actor; readonly reason: string },
): Promise<Action> {
  const { state } = action;
  const cancelled: Action = { ...action, state: nextOrThrow(transitionAction(state, { kind: "cancel", reason }, now)) };
  await updateAction(tx, cancelled);
  if (state.status === "waiting" || state.status === "approved") {
    const revoked = await revokeRequest(tx, state.approvalRequestId, { status: "cancelled", by, at: now, reason });
    if (revoked && state.status === "waiting") tallyAnswered(run, cancelled, now);
  }
  await appendEntry(tx, { type: "action.cancelled", at: now, actor: by, runId: run.id, actionId: action.id, body: { reason } });
  return cancelled;
}
