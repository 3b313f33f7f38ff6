import { PullcordError, type Action, type ActionAnswer } from "@pullcord/sdk/protocol";
import { transitionAction } from "../domain/action-state.js";
import { transitionApproval } from "../domain/approval-state.js";
import { conflict, nextOrThrow } from "../domain/transition.js";
import { updateAction } from "../store/actions.js";
import { consumeRequest, findRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { updateRun } from "../store/runs.js";
import { answerAgain, answerFor } from "./answer.js";
import { approvalState } from "./approval-view.js";
import type { Command } from "./context.js";
import { followApproval } from "./follow-plan.js";
import { countBegun } from "./count-use.js";
import { requireAction, requireRun } from "./require.js";
import { systemActor } from "./system-actor.js";
import { tallyStarted } from "./tally.js";
import { cancelAction } from "./withdraw-action.js";

/**
 * Uses the permit of an approved action at the moment of execution (I1 to I3): once, for this digest, in a running run.
 * The answer's `next` is `run` when it may run now; anything else means that it may not.
 */
export const startAction: Command<{ readonly actionId: string; readonly digest: string }, ActionAnswer> = async (
  context,
  { actionId, digest },
) => {
  const { tx, now, actor, outside } = context;
  const action = await requireAction(tx, actor, actionId);
  const run = await requireRun(tx, actor, action.runId);
  const ready = answerFor(action, { run, outside });
  if (ready.next !== "consume" || action.state.status !== "approved") return ready;
  if (digest !== (action.approvedDigest ?? action.digest)) {
    const text = "What is about to run is not what was approved: the digests differ. Propose it again.";
    throw new PullcordError("conflict", "digest_mismatch", text, { field: "/digest" });
  }
  const request = await findRequest(tx, action.state.approvalRequestId);
  const usable = request
    ? transitionApproval(approvalState(request), { kind: "consume" }, now)
    : conflict("unknown_request", "its request is not on record.");
  if ("problem" in usable || !(await consumeRequest(tx, action.state.approvalRequestId, now))) {
    const why = "problem" in usable ? usable.problem.message : "it was used already.";
    // Ended, so that the next proposal of the same asks anew instead of finding this one again.
    await cancelAction(context, { run, action }, { by: systemActor, reason: why });
    await updateRun(tx, run);
    return { ...ready, next: "deny", guidance: `Pullcord: this approval does not hold any more: ${why}` };
  }
  const started: Action = { ...action, state: nextOrThrow(transitionAction(action.state, { kind: "start" }, now)) };
  await updateAction(tx, started);
  tallyStarted(run, started, now);
  await countBegun(context, run, started);
  await updateRun(tx, run);
  await followApproval(context, run, started);
  await appendEntry(tx, {
    type: "action.started",
    at: now,
    actor,
    runId: run.id,
    actionId: action.id,
    body: { digest, request: action.state.approvalRequestId },
  });
  return { ...ready, action: started, next: "run" };
};

/** The gate that did not hear the answer may run it still, as long as the action is under way and nothing was stopped. */
startAction.again = async (context, kept) => {
  const answer = await answerAgain(context, kept);
  const isUnderWay = answer.action.state.status === "running" && !answer.stop && !context.outside.killFilePresent();
  return kept.next === "run" && isUnderWay ? { ...answer, next: "run", guidance: "" } : answer;
};
