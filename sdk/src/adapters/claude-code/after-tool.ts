import { isPullcordError, type JsonObject, type Outcome } from "../../protocol/index.js";
import { contextAnswer, endAnswer, nothing, type HookAnswer } from "./answer.js";
import { cut, log, reportTokens, sessionOf, type Hook } from "./hook.js";
import { isObject, readToolUse } from "./hook-body.js";
import type { Session } from "./sessions.js";

const longestSummary = 500;
/** How the client words a call that the person at the terminal refused (golden/…/tui.PostToolBatch.rejected.json). */
const refusedAtTerminal = "The user doesn't want to proceed";

/** PostToolUse and PostToolUseFailure: reports what came of the call, and passes a safe point. */
export async function afterTool(hook: Hook): Promise<HookAnswer> {
  const event = hook.body.event === "PostToolUseFailure" ? "PostToolUseFailure" : "PostToolUse";
  const session = await sessionOf(hook);
  const { id } = readToolUse(hook.body.raw);
  const [, point] = await Promise.all([
    report(hook, session, { toolUseId: id, outcome: outcomeOf(hook.body.raw, event) }),
    hook.client.safePoint(session.runId, { signal: hook.closing }),
  ]);
  logOutput(hook, session.runId);
  return point.status === "stopped" ? endAnswer(point.guidance) : contextAnswer(event, [...session.takeOwed(), ...point.instructions]);
}

/** PostToolBatch: calls that never ran have no event of their own; here they are known to be over. */
export async function afterBatch(hook: Hook): Promise<HookAnswer> {
  const session = await sessionOf(hook);
  const { tool_calls: calls } = hook.body.raw;
  for (const call of Array.isArray(calls) ? calls.filter(isObject) : []) await closeCall(hook, session, call);
  await reportTokens(hook, session);
  return nothing;
}

/** PermissionDenied: we let it run, the client's own classifier did not. */
export async function afterDenial(hook: Hook): Promise<HookAnswer> {
  const session = await sessionOf(hook);
  const { tool_use_id: id, reason } = hook.body.raw;
  const summary = `Claude Code did not run it: ${typeof reason === "string" ? reason : "its own permissions"}`;
  await report(hook, session, { toolUseId: textOf(id), outcome: { status: "skipped", summary: cut(summary, longestSummary) } });
  return nothing;
}

interface Report {
  readonly toolUseId: string | undefined;
  readonly outcome: Outcome;
}

/** A report that fails keeps nothing from going on: the record then shows the action without its end. */
async function report(hook: Hook, session: Session, { toolUseId, outcome }: Report): Promise<void> {
  const usage = await session.tokens.take(hook.body);
  try {
    const actionId = session.take(toolUseId)?.actionId ?? (await findAction(hook, session, toolUseId));
    if (actionId === undefined) return session.tokens.giveBack(usage);
    // The server looks at this only where the request is still pending.
    const terminal = hook.hasDialog ? { approvedAtTerminal: true } : {};
    await hook.client.reportOutcome(actionId, { ...outcome, ...terminal, ...(usage && { usage }) }, { signal: hook.closing });
  } catch (error) {
    session.tokens.giveBack(usage);
    if (isPullcordError(error) && error.code === "conflict") {
      log(hook, session.runId, {
        stream: "note",
        text: `Call ${toolUseId} has run, but its request was not open any more; the terminal may have been first. ${error.message}`,
      });
    }
  }
}

async function findAction(hook: Hook, session: Session, toolUseId: string | undefined): Promise<string | undefined> {
  if (toolUseId === undefined) return undefined;
  return (await hook.client.findAction(session.runId, toolUseId, { signal: hook.closing }))?.id;
}

async function closeCall(hook: Hook, session: Session, call: JsonObject): Promise<void> {
  const toolUseId = textOf(call["tool_use_id"]);
  const known = session.take(toolUseId);
  const isRefused = textOf(call["tool_response"])?.startsWith(refusedAtTerminal) === true;
  if (!known && !isRefused) return;
  try {
    const actionId = known?.actionId ?? (await findAction(hook, session, toolUseId));
    if (actionId === undefined) return;
    if (isRefused || known?.isAsked) await hook.client.withdraw(actionId, "The person at the terminal said no.", { signal: hook.closing });
    else await hook.client.reportOutcome(actionId, { status: "skipped", summary: "Claude Code did not run it." }, { signal: hook.closing });
  } catch {
    // Ended already: denied or answered elsewhere.
  }
}

function outcomeOf(raw: JsonObject, event: "PostToolUse" | "PostToolUseFailure"): Outcome {
  const { duration_ms: took, error, is_interrupt: isInterrupted } = raw;
  const durationMs = typeof took === "number" && took >= 0 ? { durationMs: Math.round(took) } : {};
  if (event === "PostToolUse") return { status: "succeeded", ...durationMs };
  const summary = isInterrupted === true ? "Interrupted." : (textOf(error) ?? "Failed.");
  return { status: "failed", summary: cut(summary.toWellFormed(), longestSummary), ...durationMs };
}

/** What a command printed, for whoever watches the run. */
function logOutput(hook: Hook, runId: string): void {
  const { tool_response: response, error } = hook.body.raw;
  if (isObject(response)) {
    const { stdout, stderr } = response;
    if (typeof stdout === "string" && stdout !== "") log(hook, runId, { stream: "stdout", text: stdout });
    if (typeof stderr === "string" && stderr !== "") log(hook, runId, { stream: "stderr", text: stderr });
  }
  if (typeof error === "string" && error !== "") log(hook, runId, { stream: "stderr", text: error });
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
