import { transitionAction } from "../domain/action-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { findAction, updateAction } from "../store/actions.js";
import { dueRequests, findRequest, resolveRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { findRun, updateRun } from "../store/runs.js";
import type { Command, CommandContext } from "./context.js";
import { moveTrust } from "./move-trust.js";
import { tallyAnswered } from "./tally.js";

/** Most requests that one command expires; the clock calls again while there are more. */
const batchRequests = 100;

/** Denies what nobody answered in time (P9, V9.6.2). Returns how many it ended: none means that nothing more is due. */
export const expireRequests: Command<void, number> = async (context) => {
  const due = await dueRequests(context.tx, {
    now: context.now,
    limit: batchRequests,
    exceptPaused: context.outside.policy().oversight.pauseStopsExpiry,
  });
  let ended = 0;
  for (const id of due) if (await expire(context, id)) ended += 1;
  return ended;
};

async function expire(context: CommandContext, requestId: string): Promise<boolean> {
  const { tx, now, actor } = context;
  const request = await findRequest(tx, requestId);
  const action = request && (await findAction(tx, request.actionId));
  const run = request && (await findRun(tx, request.runId));
  if (!request || !action || !run) return false;
  const reason = "Nobody answered in time.";
  if (!(await resolveRequest(tx, requestId, { status: "expired", by: actor, at: now, reason }))) return false;
  const denied = `Pullcord: nobody answered in time, so this is denied. Go on without it, or ask your human and propose it again.`;
  const expired = { ...action, state: nextOrThrow(transitionAction(action.state, { kind: "deny", reason: denied }, now)) };
  await updateAction(tx, expired);
  tallyAnswered(run, expired, now);
  run.tally.denied += 1;
  await updateRun(tx, run);
  await moveTrust(context, expired, "unanswered");
  await appendEntry(tx, {
    type: "approval.resolved",
    at: now,
    actor,
    runId: run.id,
    actionId: action.id,
    body: { request: requestId, status: "expired", reason },
  });
  return true;
}
