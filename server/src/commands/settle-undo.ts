import type { SettledUndo } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import type { Command } from "./context.js";
import { requireAction } from "./require.js";

/**
 * Notes that what an action handed in before it happened has happened, or has not (A22). Also of an action that has
 * ended: its program may have been gone in between.
 */
export const settleUndo: Command<SettledUndo & { readonly actionId: string }, void> = async (
  { tx, now, actor, outside, afterCommit },
  { actionId, ...settled },
) => {
  const action = await requireAction(tx, actor, actionId);
  const { handler, hasHappened } = settled;
  await appendEntry(tx, {
    type: "action.undo_settled",
    at: now,
    actor,
    runId: action.runId,
    actionId: action.id,
    body: { handler, hasHappened },
  });
  afterCommit(() => outside.snapshots.settleUndo(action, settled));
};
