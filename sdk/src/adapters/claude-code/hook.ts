import { randomUUID } from "node:crypto";
import type { AgentClient } from "../../client/index.js";
import { bounds, type LogStream, type OpenRun } from "../../protocol/index.js";
import { findClientProcess, type Connection } from "./client-process.js";
import type { HookBody } from "./hook-body.js";
import { Session, type Sessions } from "./sessions.js";
import { TokenCount } from "./token-count.js";

/** Every process that a tool of the session starts carries this variable with the session's id. */
const sessionMarker = "CLAUDE_CODE_SESSION_ID";

const longestTask = 500;

/** One hook call under way. */
export interface Hook {
  readonly body: HookBody;
  readonly client: AgentClient;
  /** True in the interactive client, which has a dialog; false headless, and wherever it is not known. */
  readonly hasDialog: boolean;
  /** The run that `pullcord run` opened around the client. */
  readonly launcherRun?: string;
  readonly connection: Connection;
  /** Tells the server, and no agent can say it in our place, which process is the client. */
  readonly reportClient: (runId: string, pid: number) => Promise<void>;
  /** Its signal aborts when the client drops the connection; Node only keeps that alive together with the request. */
  readonly request: Request;
  /** Aborts when the server is about to stop. */
  readonly closing: AbortSignal;
  readonly sessions: Sessions;
  readonly sessionKey: string;
  /** False where the client's files are on another machine. */
  readonly readsTranscripts: boolean;
}

/** The session of a hook call; its run is opened at the first one. One session is one run, sub-agents included. */
export function sessionOf(hook: Hook, prompt?: string): Promise<Session> {
  return hook.sessions.get(hook.sessionKey) ?? hook.sessions.open(hook.sessionKey, () => openSession(hook, prompt));
}

async function openSession(hook: Hook, prompt: string | undefined): Promise<Session> {
  const run = await hook.client.openRun(openingOf(hook, prompt), { signal: hook.closing });
  void locateClient(hook, run.id);
  const tokens = new TokenCount((text) => log(hook, run.id, { stream: "note", text }), hook.readsTranscripts);
  await tokens.watch(hook.body);
  return new Session(run, tokens);
}

function openingOf({ body, launcherRun }: Hook, prompt: string | undefined): OpenRun {
  const task = prompt?.toWellFormed().trim();
  return {
    task: task ? cut(task, longestTask) : "Claude Code session",
    externalId: body.sessionId,
    ...(body.workingDirectory === undefined ? {} : { workingDirectory: body.workingDirectory }),
    containment: "marker",
    ...(launcherRun === undefined ? {} : { labels: { launchedBy: launcherRun } }),
    process: { marker: { name: sessionMarker, value: body.sessionId } },
  };
}

/** Reports what the session has used beside what its actions report; what can't be reported now is with the next report. */
export async function reportTokens(
  { client, body, closing }: Hook,
  { runId, tokens }: Session,
  { isLast = false }: { readonly isLast?: boolean } = {},
): Promise<void> {
  const usage = await tokens.take(body, isLast);
  if (!usage || closing.aborted) return tokens.giveBack(usage);
  await client.reportUsage(runId, usage, { signal: closing, idempotencyKey: randomUUID() }).catch(() => tokens.giveBack(usage));
}

/**
 * Tells the server where the client's own process is. The marker finds only what the tools start, so the client is
 * found through its connection: 8 to 40 ms, off the answer's path, once for each session and prompt.
 */
export async function locateClient({ connection, reportClient }: Hook, runId: string): Promise<void> {
  try {
    const pid = await findClientProcess(connection);
    if (pid === undefined) return;
    await reportClient(runId, pid);
  } catch {
    // A stop then still refuses every call and ends what carries the marker; the receipt says what it could not prove.
  }
}

/** Adds to the run's log without making the agent wait; a log line that is lost loses no decision. */
export function log(
  { client, closing }: Hook,
  runId: string,
  { stream, text }: { readonly stream: LogStream; readonly text: string },
): void {
  const lines = text
    .toWellFormed()
    .split("\n")
    .slice(0, bounds.logLines)
    .map((line) => ({ stream, text: cut(line, bounds.logLineLength) }));
  void client.appendLog(runId, lines, { signal: closing }).catch(() => undefined);
}

export function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…`.toWellFormed() : text;
}
