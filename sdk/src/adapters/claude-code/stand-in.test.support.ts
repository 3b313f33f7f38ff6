import { AgentClient } from "../../client/index.js";
import { actionDigest } from "../../protocol/digest.js";
import type { Action, ActionAnswer, ActionState, JsonObject, ProposedAction } from "../../protocol/index.js";
import { createHookHandler } from "./index.js";

export type Answering = (path: string, body: JsonObject, signal: AbortSignal) => unknown;

/** The wire's other end, scripted; the whole server stands behind the journeys. */
export function standIn(answers: Record<string, unknown>) {
  const calls: { readonly key: string; readonly path: string; readonly body: JsonObject }[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const body = (request.method === "GET" ? {} : await request.json()) as JsonObject;
    const key = `${request.method} ${pathname.split("/").at(-1)}`;
    calls.push({ key, path: pathname, body });
    const answer = answers[key] ?? defaults[key];
    const given: unknown = typeof answer === "function" ? await (answer as Answering)(pathname, body, request.signal) : answer;
    if (given instanceof Response) return given;
    return Response.json(given ?? {});
  };
  const closing = new AbortController();
  const handle = createHookHandler({
    client: (token) => new AgentClient({ url: "http://pullcord.test", token, fetch }),
    closing: closing.signal,
  });
  const send = async (
    body: unknown,
    { entry = "sdk-cli", signal, token = "pca_1" }: { entry?: string; signal?: AbortSignal; token?: string } = {},
  ) => {
    const headers = { "x-pullcord-entry": entry, ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const request = new Request("http://pullcord.test/hooks/claude-code", {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
    const response = await handle(request);
    if (response.status !== 200) throw new Error(`The handler answered with status ${response.status}.`);
    return (await response.json()) as JsonObject;
  };
  return { send, calls, closing, keys: () => calls.map(({ key }) => key) };
}

const running = { status: "running", guidance: "", instructions: [] };
const defaults: Record<string, unknown> = {
  "POST runs": { id: "r1", agent: "claude-code" },
  "POST safe-points": running,
  "GET actions": { items: [], next: null },
};

/** An answer about the proposal in `body`, as the server words it. */
export function answerTo(
  proposed: ProposedAction,
  next: ActionAnswer["next"],
  more: Partial<ActionAnswer> & { state?: ActionState; level?: string; reason?: string; modified?: JsonObject } = {},
): ActionAnswer {
  const bound = { agent: "claude-code", runId: "r1", proposed };
  const { state = { status: "allowed" }, level = "review", reason = "Because.", modified, ...rest } = more;
  const action = {
    id: "a1",
    ...bound,
    digest: actionDigest(bound),
    ...(modified ? { approvedArguments: modified, approvedDigest: actionDigest({ ...bound, approvedArguments: modified }) } : {}),
    assessment: null,
    decision: { effect: "require_approval", approvalLevel: level, reasons: [{ step: "risk", sentence: reason }] },
    state,
    proposedAt: 0,
  } as unknown as Action;
  return { action, next, guidance: "", stop: false, instructions: [], dialogMayAnswer: next === "wait", ...rest };
}
