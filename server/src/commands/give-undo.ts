import { PullcordError, type HandedIn } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import type { Command } from "./context.js";
import { requireAction } from "./require.js";

/** States in which an action has begun, or may: what takes it back can still be handed in. */
const open: readonly string[] = ["waiting", "allowed", "approved", "running"];

/** Keeps what an action hands in, so that its program can take it back later (A22). An agent's claim: it lowers no risk. */
export const giveUndo: Command<HandedIn & { readonly actionId: string }, void> = async (
  { tx, now, actor, outside, afterCommit },
  { actionId, ...handedIn },
) => {
  const action = await requireAction(tx, actor, actionId);
  if (!open.includes(action.state.status)) {
    const text = `Action ${actionId} is ${action.state.status}: hand in what takes it back before you report its end.`;
    throw new PullcordError("conflict", "action_ended", text);
  }
  const { handler, summary } = handedIn;
  await appendEntry(tx, {
    type: "action.undo_given",
    at: now,
    actor,
    runId: action.runId,
    actionId: action.id,
    body: { handler, summary },
  });
  afterCommit(() => outside.snapshots.give(action, handedIn));
};
