import type { AgentClient } from "../../client/index.js";
import { PullcordError } from "../../protocol/index.js";
import { afterBatch, afterDenial, afterTool } from "./after-tool.js";
import { nothing, type HookAnswer } from "./answer.js";
import { atPrompt, atSessionEnd, atSettingsChange, atSubagentStart, atSubagentStop, atTurnEnd } from "./around-session.js";
import { atDialog, beforeTool } from "./before-tool.js";
import type { Connection } from "./client-process.js";
import type { Hook } from "./hook.js";
import { readHookBody, type HookBody } from "./hook-body.js";
import { entryHeader, launcherHeader } from "./hook-settings.js";
import { refusalFor } from "./refusals.js";
import { Sessions } from "./sessions.js";

export { hookPath, hookSettings, needsVersion, type HookSettings, type HookTarget } from "./hook-settings.js";
export type { Connection } from "./client-process.js";

/** Bodies carry whole tool results: larger than what is ever proposed. */
const hookBodyBytes = 16 * 1024 * 1024;

export interface HookHandlerOptions {
  /** A client that acts for the agent with this token. */
  readonly client: (token: string) => AgentClient;
  /** Told which process the client of a run is, as seen from its connection; a stop then ends it too. */
  readonly onClientProcess?: (runId: string, pid: number) => Promise<void>;
  /** False where the client runs on another machine, and its transcripts are not here. Default true. */
  readonly readsTranscripts?: boolean;
  /** Aborts when the server is about to stop, so that held calls are answered first. */
  readonly closing?: AbortSignal;
}

/** Everything Claude Code tells us, and what is done about it. What is not here is answered with nothing. */
const reactions: Readonly<Record<string, (hook: Hook) => Promise<HookAnswer>>> = {
  UserPromptSubmit: atPrompt,
  PreToolUse: beforeTool,
  PermissionRequest: atDialog,
  PermissionDenied: afterDenial,
  PostToolUse: afterTool,
  PostToolUseFailure: afterTool,
  PostToolBatch: afterBatch,
  SubagentStart: atSubagentStart,
  SubagentStop: atSubagentStop,
  ConfigChange: atSettingsChange,
  Stop: atTurnEnd,
  SessionEnd: atSessionEnd,
};

/**
 * The HTTP end of Claude Code's hooks. It always answers with status 200 and JSON: whatever goes wrong becomes a deny
 * in the client's own shape, so that the model learns the reason. Pass the `connection` and a stop can end the client.
 */
export function createHookHandler(options: HookHandlerOptions): (request: Request, connection?: Connection) => Promise<Response> {
  const sessions = new Sessions();
  const closing = options.closing ?? new AbortController().signal;
  return async (request, connection = {}) => {
    let body: HookBody | undefined;
    try {
      const token = tokenOf(request);
      body = readHookBody(await readText(request));
      const hook = {
        body,
        request,
        connection,
        reportClient: options.onClientProcess ?? (() => Promise.resolve()),
        closing,
        sessions,
        readsTranscripts: options.readsTranscripts ?? true,
        client: options.client(token),
        sessionKey: `${token} ${body.sessionId}`,
        ...headersOf(request),
      };
      return Response.json(await reactTo(hook));
    } catch (error) {
      return Response.json(refusalFor(body?.event, error));
    }
  };
}

async function reactTo(hook: Hook): Promise<HookAnswer> {
  const { event } = hook.body;
  return Object.hasOwn(reactions, event) ? ((await reactions[event]?.(hook)) ?? nothing) : nothing;
}

function headersOf(request: Request): Pick<Hook, "hasDialog" | "launcherRun"> {
  const launcherRun = request.headers.get(launcherHeader);
  return { hasDialog: request.headers.get(entryHeader) === "cli", ...(launcherRun ? { launcherRun } : {}) };
}

function tokenOf(request: Request): string {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) throw new PullcordError("unauthenticated", "no_token", "The hook sends no token.");
  return token;
}

async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > hookBodyBytes)
      throw new PullcordError("invalid", "body_too_large", `A hook call of more than ${hookBodyBytes} bytes is not read.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
