import { PullcordError, type Action, type ActionState, type Actor, type ReportOutcome } from "@pullcord/sdk/protocol";
import { transitionAction } from "../domain/action-state.js";
import { transitionApproval } from "../domain/approval-state.js";
import { nextOrThrow } from "../domain/transition.js";
import { updateAction } from "../store/actions.js";
import { consumeRequest, findRequest, resolveRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { updateRun, type StoredRun } from "../store/runs.js";
import { dialogMayAnswer } from "./answer.js";
import { approvalState } from "./approval-view.js";
import type { Command, CommandContext } from "./context.js";
import { followEnd } from "./follow-plan.js";
import { countBegun, countReported } from "./count-use.js";
import { endProbe } from "./move-breakers.js";
import { countedOf } from "./report-usage.js";
import { moveTrust } from "./move-trust.js";
import { requireAction, requireRun } from "./require.js";
import { tallyAnswered, tallyEnded } from "./tally.js";

const longestSummary = 2_000;

/** Records what came of an action, as its gate reports it. An action that ended keeps its end (I5). */
export const endAction: Command<ReportOutcome & { readonly actionId: string }, Action> = async (
  context,
  { actionId, approvedAtTerminal, usage, ...outcome },
) => {
  const { tx, now, actor } = context;
  const action = await requireAction(tx, actor, actionId);
  const run = await requireRun(tx, actor, action.runId);
  const from =
    approvedAtTerminal && action.state.status === "waiting"
      ? await terminalApproval(context, { run, action }, action.state.approvalRequestId)
      : action.state;
  const summary = outcome.summary?.slice(0, longestSummary);
  const kept = { ...outcome, ...(summary === undefined ? {} : { summary }) };
  const ended: Action = { ...action, state: nextOrThrow(transitionAction(from, { kind: "end", outcome: kept }, now)) };
  await updateAction(tx, ended);
  tallyEnded(run, ended, now);
  await endProbe(context, run, { actionId, went: wentOf(ended) });
  if (usage) await countReported(context, run, countedOf(usage));
  await updateRun(tx, run);
  await followEnd(context, run, ended);
  // What a stop cut short is no failure of the agent's.
  const isJudged = ended.state.status === "succeeded" || (ended.state.status === "failed" && run.state.status !== "stopped");
  if (isJudged) await moveTrust(context, ended, outcome.status === "succeeded" ? "succeeded" : "failed");
  await appendEntry(tx, {
    type: "action.ended",
    at: now,
    actor,
    runId: run.id,
    actionId: action.id,
    body: {
      status: outcome.status,
      ...(summary === undefined ? {} : { summary }),
      ...(outcome.durationMs === undefined ? {} : { durationMs: outcome.durationMs }),
      ...(usage === undefined ? {} : { usage: { ...usage } }),
    },
  });
  return ended;
};

/** How an action went that was let through to see whether things are well again. */
function wentOf({ state }: Action): "well" | "badly" | "nowhere" {
  return state.status === "succeeded" ? "well" : state.status === "failed" ? "badly" : "nowhere";
}

/**
 * The agent's own dialog was answered before our console. Whoever sat there is not known to us: what is on record is the
 * agent's word, and only where that is good enough.
 */
async function terminalApproval(
  context: CommandContext,
  { run, action }: { readonly run: StoredRun; readonly action: Action },
  requestId: string,
): Promise<ActionState> {
  const { tx, now, actor, outside } = context;
  if (outside.unrecorded.stateOf(run).status !== "running" || outside.killFilePresent() || !dialogMayAnswer(action, outside.mode)) {
    throw new PullcordError("conflict", "not_for_the_dialog", `Request ${requestId} is not one that the agent's own dialog may answer.`);
  }
  const request = await findRequest(tx, requestId);
  if (!request) throw new PullcordError("not_found", "unknown_request", `There is no approval request ${requestId}.`);
  nextOrThrow(transitionApproval(approvalState(request), { kind: "approve", by: actor }, now));
  const by: Actor = { ...actor, via: "agent_terminal" };
  const resolved = await resolveRequest(tx, requestId, { status: "approved", by, at: now });
  if (!resolved) return action.state;
  await consumeRequest(tx, requestId, now);
  tallyAnswered(run, action, now);
  await countBegun(context, run, action);
  await appendEntry(tx, {
    type: "approval.resolved",
    at: now,
    actor: by,
    runId: run.id,
    actionId: action.id,
    body: { request: requestId, status: "approved", reportedBy: action.agent },
  });
  return nextOrThrow(transitionAction(nextOrThrow(transitionAction(action.state, { kind: "approve" }, now)), { kind: "start" }, now));
}
