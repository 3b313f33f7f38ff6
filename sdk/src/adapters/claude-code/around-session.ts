import { setTimeout as sleep } from "node:timers/promises";
import { blockAnswer, contextAnswer, endAnswer, nothing, type HookAnswer } from "./answer.js";
import { planInstructions } from "./plan.js";
import type { Session } from "./sessions.js";
import { cut, locateClient, log, reportTokens, sessionOf, type Hook } from "./hook.js";

const longestPromptLine = 2_000;
/** The client has ended by then, and written down what it used. */
const lastTokensMs = 1_500;

/** UserPromptSubmit: the session's task, and a safe point before the model thinks. */
export async function atPrompt(hook: Hook): Promise<HookAnswer> {
  const { prompt } = hook.body.raw;
  const isNew = hook.sessions.get(hook.sessionKey) === undefined;
  const said = typeof prompt === "string" ? prompt : undefined;
  const session = await sessionOf(hook, said);
  if (!isNew) void locateClient(hook, session.runId);
  if (typeof prompt === "string") log(hook, session.runId, { stream: "note", text: `Prompt: ${cut(prompt, longestPromptLine)}` });
  const point = await hook.client.safePoint(session.runId, { signal: hook.closing });
  const context = isNew ? planInstructions : undefined;
  if (point.status !== "stopped") return contextAnswer("UserPromptSubmit", point.instructions, context);
  const next = await goneOn(hook, session, said);
  if (!next) return endAnswer(point.guidance);
  const { instructions } = await hook.client.safePoint(next.runId, { signal: hook.closing });
  return contextAnswer("UserPromptSubmit", instructions, context);
}

/** After a stop a person may let the session go on: then it is another run, which is told where the stopped one was. */
async function goneOn(hook: Hook, stopped: Session, prompt: string | undefined): Promise<Session | null> {
  hook.sessions.forget(hook.sessionKey);
  const session = await sessionOf(hook, prompt);
  return session.runId === stopped.runId ? null : session;
}

/** Stop: the turn is over, unless a person has something to say: then it goes on with that. */
export async function atTurnEnd(hook: Hook): Promise<HookAnswer> {
  const session = await sessionOf(hook);
  await reportTokens(hook, session);
  const point = await hook.client.safePoint(session.runId, { signal: hook.closing });
  return point.status === "stopped" ? nothing : contextAnswer("Stop", point.instructions);
}

export async function atSubagentStart(hook: Hook): Promise<HookAnswer> {
  const session = await sessionOf(hook);
  await session.tokens.watch(hook.body);
  log(hook, session.runId, { stream: "note", text: `Sub-agent ${named(hook)} began.` });
  return nothing;
}

export async function atSubagentStop(hook: Hook): Promise<HookAnswer> {
  const session = await sessionOf(hook);
  await reportTokens(hook, session);
  log(hook, session.runId, { stream: "note", text: `Sub-agent ${named(hook)} ended.` });
  return nothing;
}

function named({ body: { subagent } }: Hook): string {
  return subagent ? `${subagent.type ?? "of unknown type"} (${subagent.id})` : "without a name";
}

/**
 * ConfigChange: a settings file was changed while the session runs, by whatever got past the gate or by a person.
 * Refusing keeps the hooks of this session in force; the file stays as it is and holds from the next start.
 */
export async function atSettingsChange(hook: Hook): Promise<HookAnswer> {
  const { source, file_path: path } = hook.body.raw;
  if (source === "skills") return nothing;
  const session = await sessionOf(hook);
  log(hook, session.runId, {
    stream: "note",
    text: `Settings changed during the session, kept out of it: ${typeof path === "string" ? path : String(source)}`,
  });
  return blockAnswer("Pullcord: settings stay as they are while a session runs. They take effect in the next one.");
}

/** SessionEnd: the run is over; what still waits is cancelled with it. */
export async function atSessionEnd(hook: Hook): Promise<HookAnswer> {
  const session = await sessionOf(hook);
  hook.sessions.forget(hook.sessionKey);
  await reportTokens(hook, session);
  await hook.client.finishRun(session.runId, "succeeded", { signal: hook.closing });
  void reportLastTokens(hook, session);
  return nothing;
}

/** The client writes its last message down after it has told us, and waits for this answer before it goes. */
async function reportLastTokens(hook: Hook, session: Session): Promise<void> {
  try {
    await sleep(lastTokensMs, undefined, { signal: hook.closing, ref: false });
    await reportTokens(hook, session, { isLast: true });
  } catch {
    // The server is about to stop.
  }
}
