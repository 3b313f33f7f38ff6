import { requireAnswer } from "../../gate/await-answer.js";
import { invisibleClass, type Action, type ActionAnswer } from "../../protocol/index.js";
import { nothing, permissionRequestAnswer, preToolUseAnswer, type HookAnswer } from "./answer.js";
import { sessionOf, type Hook } from "./hook.js";
import { readToolUse } from "./hook-body.js";
import { handIn, planTextOf } from "./plan.js";
import { fingerprint } from "./sessions.js";
import { settle } from "./settle.js";
import { proposedAction } from "./translate.js";

const unseen = new RegExp(`[${invisibleClass}]`, "gv");

/** PreToolUse: proposes the call. With a dialog at hand the person may answer there or here, else the call is held. */
export async function beforeTool(hook: Hook): Promise<HookAnswer> {
  const use = readToolUse(hook.body.raw);
  const planText = planTextOf(use);
  if (planText !== null) return preToolUseAnswer(await handIn(hook, use, planText));
  const proposed = proposedAction(hook.body, use);
  const session = await sessionOf(hook);
  const answer = requireAnswer(await hook.client.propose(session.runId, proposed, { signal: hook.request.signal }));
  const call = { actionId: answer.action.id, fingerprint: fingerprint(hook.body, use) };
  if (mayAskAtTerminal(hook, answer)) {
    session.remember(use, { ...call, isAsked: true });
    return preToolUseAnswer({ kind: "ask", reason: dialogReason(answer.action) }, answer.instructions);
  }
  const { verdict, instructions } = await settle(hook, { use, proposed, run: session.run }, answer);
  if (verdict.kind !== "deny") session.remember(use, { ...call, isAsked: false });
  return preToolUseAnswer(verdict, instructions);
}

/** A sub-agent's call is held: whether its dialog comes up depends on where the client runs it. */
function mayAskAtTerminal({ hasDialog, body }: Hook, { next, action, dialogMayAnswer }: ActionAnswer): boolean {
  return hasDialog && !body.subagent && next === "wait" && action.state.status === "waiting" && dialogMayAnswer;
}

/** For the person at the terminal; the guidance is for the agent. Nothing in it may move their cursor. */
function dialogReason({ decision, state }: Action): string {
  const why = decision?.reasons[0]?.sentence ?? "This needs a person.";
  const request = state.status === "waiting" ? ` (request ${state.approvalRequestId})` : "";
  return `Pullcord: ${why} Answer here or in the console${request}; the first answer counts.`.replaceAll(unseen, "�");
}

/**
 * PermissionRequest: the client's dialog is up. If it is the one that we asked for, people elsewhere may answer it too,
 * and the first answer wins: said yes there, the call's end tells us; said no, the client drops this connection.
 */
export async function atDialog(hook: Hook): Promise<HookAnswer> {
  // Only dialogs of the client's own rules come with suggestions: those are none of ours.
  if (hook.body.raw["permission_suggestions"] !== undefined) return nothing;
  const use = readToolUse(hook.body.raw);
  const session = await sessionOf(hook);
  const call = session.callLike(fingerprint(hook.body, use));
  if (call?.isAsked === false) return nothing;
  const proposed = proposedAction(hook.body, use);
  // A server that was restarted meanwhile does not know the call: the same proposal joins the open request.
  const answer = call
    ? await hook.client.awaitAnswer(call.actionId, 0, { signal: hook.request.signal })
    : await hook.client.propose(session.runId, proposed, { signal: hook.request.signal });
  if (!call && requireAnswer(answer).next === "run") return nothing;
  const { verdict, instructions } = await settle(hook, { use, proposed, run: session.run }, answer);
  session.owe(instructions);
  return permissionRequestAnswer(verdict);
}
