import { z, type OpenAPIHono } from "@hono/zod-openapi";
import { bounds, PullcordError, roles, type Role } from "@pullcord/sdk/protocol";
import type { Context } from "hono";
import type { PersonWatch } from "../commands/dead-man.js";
import type { Caller, CommandRunner } from "../commands/runner.js";
import type { AgentTurns } from "./agent-turns.js";
import type { Guard } from "./guard.js";
import { identify, type Principal } from "./principal.js";
import { problem } from "./schemas/words.js";
import { parseStrictJson } from "./strict-json.js";

/** Who may call a route: nobody in particular, agents, other systems' notices, people from a role upwards, or agents and people. */
export type Who = "anyone" | "agent" | "webhook" | Role | { readonly agentOr: Role };

type Shape = z.ZodType;
type Infer<S> = S extends z.ZodType ? z.output<S> : undefined;

/** One operation of the API: what it takes and gives, for the reader, the validator and the OpenAPI document alike. */
export interface RouteDefinition<P extends Shape | undefined, Q extends Shape | undefined, B extends Shape | undefined> {
  readonly method: "get" | "post" | "put" | "delete";
  /** `/v1/runs/{id}` */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly who: Who;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** In place of `limits.bodyBytes`, for what is large by nature. */
  readonly largestBodyBytes?: number;
  /** The answer's schema; without it 204. */
  readonly answer?: Shape;
  /** What else is sent with the answer's status, such as cookies; default 200. */
  readonly handle: (call: Call<Infer<P>, Infer<Q>, Infer<B>>) => Promise<unknown>;
}

/** A request that passed every check. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Null only where `who` is `anyone`. */
  readonly principal: Principal | null;
  readonly caller: Caller;
  readonly context: Context;
  readonly signal: AbortSignal;
}

export interface Serving {
  readonly api: OpenAPIHono;
  readonly runner: CommandRunner;
  readonly guard: Guard;
  readonly watch: PersonWatch;
  readonly turns: AgentTurns;
  /** Aborts when the server is about to close: held answers are given first. */
  readonly closing: AbortSignal;
}

/** Adds an operation to the server and to the OpenAPI document. */
export function addRoute<
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(serving: Serving, definition: RouteDefinition<P, Q, B>): void {
  document(serving.api, definition as RouteDefinition<Shape, Shape, Shape>);
  const path = definition.path.replaceAll(/\{(\w+)\}/g, ":$1");
  serving.api.on(definition.method.toUpperCase(), path, async (context) => {
    const request = context.req.raw;
    serving.guard.checkOrigin(request);
    await serving.turns.take(request.headers.get("authorization"));
    const principal = await identify(serving.runner.store.read, request, serving.runner.now);
    requireWho(definition.who, principal);
    const call = {
      params: validated(definition.params, context.req.param(), "/path"),
      query: validated(definition.query, context.req.query(), "/query"),
      body: definition.body ? validated(definition.body, await readBody(request, definition.largestBodyBytes), "") : undefined,
      principal,
      caller: callerOf(principal, request),
      context,
      // Made only where somebody asks: thousands of live streams do without.
      get signal() {
        return request.signal;
      },
    } as Call<Infer<P>, Infer<Q>, Infer<B>>;
    // Whoever changes something is there; reading is done by open pages too, so it counts for nothing (dead man's timer).
    if (principal?.kind === "person" && definition.method !== "get") void serving.watch.note().catch(() => {});
    context.header("x-content-type-options", "nosniff");
    context.header("cache-control", "no-store");
    const answer = await definition.handle(call);
    if (answer instanceof Response) return answer;
    return definition.answer ? context.json(answer as object) : context.body(null, 204);
  });
}

/** @throws PullcordError `unauthenticated` or `forbidden` */
function requireWho(who: Who, principal: Principal | null): void {
  if (who === "anyone") return;
  if (!principal) {
    throw new PullcordError(
      "unauthenticated",
      "no_proof",
      "Say who you are: sign in (npx pullcord sign-in), or send an agent token as Authorization: Bearer.",
    );
  }
  if ((principal.kind === "webhook") !== (who === "webhook")) {
    const text = "A webhook token is for POST /v1/webhooks/… alone, and that takes nothing else.";
    throw new PullcordError("forbidden", "webhooks_only", text);
  }
  if (who === "webhook" || principal.kind === "webhook") return;
  const agentMay = who === "agent" || typeof who === "object";
  if (principal.kind === "agent") {
    if (!agentMay)
      throw new PullcordError(
        "forbidden",
        "people_only",
        "Only a signed-in person can do this. An agent's token never can: ask your human.",
      );
    return;
  }
  if (who === "agent") throw new PullcordError("forbidden", "agents_only", "This is for agents: send an agent token.");
  const needed = typeof who === "object" ? who.agentOr : who;
  if (roles.indexOf(principal.person.role) < roles.indexOf(needed)) {
    throw new PullcordError("forbidden", "role", `This needs the role ${needed}; ${principal.person.name} is ${principal.person.role}.`);
  }
}

function callerOf(principal: Principal | null, request: Request): Caller {
  const actor = principal?.actor ?? { kind: "system" as const, id: "unauthenticated" };
  const idempotencyKey = request.headers.get("idempotency-key") ?? undefined;
  if (idempotencyKey !== undefined && (idempotencyKey === "" || idempotencyKey.length > bounds.nameLength)) {
    throw new PullcordError("invalid", "idempotency_key", `An Idempotency-Key has 1 to ${bounds.nameLength} characters.`);
  }
  const token = principal?.kind === "agent" ? { tokenId: principal.token.id } : {};
  return { actor, principal: `${actor.kind}:${actor.id}`, idempotencyKey, ...token };
}

/** The body as strict JSON. @throws PullcordError `invalid`/`body_too_large` naming the limit */
async function readBody(request: Request, largestBytes: number = bounds.bodyBytes): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim();
  if (type !== "application/json") throw new PullcordError("invalid", "content_type", "Send the body as application/json.");
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > largestBytes) throw tooLarge(largestBytes);
  // HTTP ends a body at the length that was announced; the whole of it is read without a stream then.
  const bytes = announced === null ? await readBytes(request, largestBytes) : await request.arrayBuffer();
  try {
    return parseStrictJson(strictUtf8.decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) throw new PullcordError("invalid", "malformed_json", "The body is not UTF-8.");
    throw error;
  }
}

/** No more than the limit is ever held: a body sent in chunks announces no length. */
async function readBytes(request: Request, largestBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > largestBytes) throw tooLarge(largestBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function tooLarge(largestBytes: number): PullcordError {
  return new PullcordError("invalid", "body_too_large", `A body holds at most ${largestBytes} bytes.`);
}

function validated<S extends Shape | undefined>(schema: S, value: unknown, at: string): Infer<S> {
  if (!schema) return undefined as Infer<S>;
  const result = schema.safeParse(value);
  if (result.success) return result.data as Infer<S>;
  const issue = result.error.issues[0];
  const field = `${at}/${(issue?.path ?? []).map(String).join("/")}`;
  throw new PullcordError("invalid", "invalid_field", `${field}: ${issue?.message ?? "is not valid"}.`, { field });
}

function document(
  api: OpenAPIHono,
  { method, path, tag, summary, params, query, body, answer, who }: RouteDefinition<Shape, Shape, Shape>,
): void {
  const problems = { content: { "application/problem+json": { schema: problem } }, description: "Why there is no answer" };
  api.openAPIRegistry.registerPath({
    method,
    path,
    summary,
    tags: [tag],
    security: who === "anyone" ? [] : [{ bearer: [] }, { session: [] }],
    request: {
      ...(params ? { params: params as z.ZodObject } : {}),
      ...(query ? { query: query as z.ZodObject } : {}),
      ...(body ? { body: { required: true, content: { "application/json": { schema: body } } } } : {}),
      ...(method === "get" ? {} : { headers: z.object({ "idempotency-key": z.string().max(bounds.nameLength).optional() }) }),
    },
    responses: {
      ...(answer
        ? { 200: { content: { "application/json": { schema: answer } }, description: "The answer" } }
        : { 204: { description: "Done" } }),
      default: problems,
    },
  });
}
