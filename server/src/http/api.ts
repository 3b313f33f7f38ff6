import type { HttpBindings } from "@hono/node-server";
import { OpenAPIHono } from "@hono/zod-openapi";
import { isPullcordError, PullcordError } from "@pullcord/sdk/protocol";
import { PersonWatch } from "../commands/dead-man.js";
import type { CommandRunner } from "../commands/runner.js";
import { AgentTurns } from "./agent-turns.js";
import { consoleFile } from "./console-files.js";
import type { Guard } from "./guard.js";
import { Hints } from "./live/hints.js";
import { LiveStreams } from "./live/live-streams.js";
import { identify } from "./principal.js";
import { problemResponse } from "./problems.js";
import type { Serving } from "./route.js";
import { addActionRoutes } from "./routes/actions.js";
import { addApprovalRoutes } from "./routes/approvals.js";
import { addGrantRoutes } from "./routes/grants.js";
import { addInterventionRoutes } from "./routes/interventions.js";
import { addJudgingRoutes } from "./routes/judging.js";
import { addLimitRoutes } from "./routes/limits.js";
import { addPeopleRoutes } from "./routes/people.js";
import { addPlanRoutes } from "./routes/plans.js";
import { addPolicyRoutes, type PolicyDesk } from "./routes/policy.js";
import { addRecordRoutes } from "./routes/record.js";
import { addRunRoutes } from "./routes/runs.js";
import { addServerRoutes, type About } from "./routes/server.js";
import { addDrillRoutes } from "./routes/drills.js";
import { addStopRoutes } from "./routes/stops.js";
import { addReviewRoutes } from "./routes/run-reviews.js";
import { addUndoTaskRoutes } from "./routes/undo-tasks.js";
import { addUndoRoutes } from "./routes/undos.js";
import { addWebhookRoutes } from "./routes/webhooks.js";

/** Where a hook call came from, as the sockets have it; helps to find the client's process. */
export interface HookConnection {
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly localPort?: number;
}

/** Handles an agent's own hook calls. */
export type HookHandler = (request: Request, connection: HookConnection) => Promise<Response>;

export interface ApiOptions {
  readonly runner: CommandRunner;
  readonly guard: Guard;
  readonly about: About;
  readonly policies: PolicyDesk;
  /** How people reach the console, `http://127.0.0.1:7420`. */
  readonly address: () => string;
  /** Folder of the built console. */
  readonly consoleFolder: string;
  /** Mounted at `/hooks/<name>`. */
  readonly hooks: Readonly<Record<string, HookHandler>>;
  readonly closing: AbortSignal;
  /** Where an unexpected failure is written. */
  readonly onFailure: (error: unknown) => void;
}

/** The whole HTTP side: the JSON API, its OpenAPI document, the agents' hooks, the console. */
export function createApi(options: ApiOptions): OpenAPIHono {
  const api = new OpenAPIHono();
  const serving: Serving = {
    api,
    runner: options.runner,
    guard: options.guard,
    watch: new PersonWatch(options.runner),
    turns: new AgentTurns(),
    closing: options.closing,
  };
  const hints = new Hints();
  options.runner.outside.unrecorded.subscribe(({ id, runIds }) => {
    for (const runId of runIds) hints.send({ kind: "stopped", runId, interventionId: id });
  });
  addRunRoutes(serving, hints);
  addActionRoutes(serving);
  addJudgingRoutes(serving, options.policies);
  addApprovalRoutes(serving);
  addInterventionRoutes(serving);
  addStopRoutes(serving);
  addDrillRoutes(serving);
  addWebhookRoutes(serving);
  addPeopleRoutes(serving, options.address);
  addRecordRoutes(serving, new LiveStreams(options.runner.store, hints, options.closing));
  addUndoRoutes(serving);
  addUndoTaskRoutes(serving);
  addReviewRoutes(serving);
  addGrantRoutes(serving);
  addPlanRoutes(serving);
  addLimitRoutes(serving);
  addServerRoutes(serving, options.about);
  addPolicyRoutes(serving, options.policies);
  addDocument(api, options.about.version);
  addHooks(serving, options.hooks);
  addConsole(serving, options.consoleFolder);
  api.onError((error) => {
    if (!isPullcordError(error) || error.code === "internal" || (error.code === "unavailable" && error.cause !== undefined))
      options.onFailure(error);
    return problemResponse(error);
  });
  return api;
}

function addDocument(api: OpenAPIHono, version: string): void {
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  api.openAPIRegistry.registerComponent("securitySchemes", "session", { type: "apiKey", in: "cookie", name: "pullcord_session" });
  let document: string | null = null;
  api.get("/v1/openapi.json", () => {
    document ??= JSON.stringify(api.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "Pullcord", version } }));
    return new Response(document, { headers: { "content-type": "application/json" } });
  });
}

/** Hook bodies are large, so nobody unknown gets one read; the client blocks on the refusal by itself. */
function addHooks({ api, guard, runner }: Serving, hooks: ApiOptions["hooks"]): void {
  for (const [name, handle] of Object.entries(hooks)) {
    api.post(`/hooks/${name}`, async (context) => {
      guard.checkOrigin(context.req.raw);
      const principal = await identify(runner.store.read, context.req.raw, runner.now);
      if (principal?.kind !== "agent") throw new PullcordError("unauthenticated", "no_proof", "A hook sends an agent's token.");
      return handle(context.req.raw, connectionOf(context.env as Partial<HttpBindings>));
    });
  }
}

function connectionOf({ incoming }: Partial<HttpBindings>): HookConnection {
  const { remoteAddress, remotePort, localPort } = incoming?.socket ?? {};
  return {
    ...(remoteAddress === undefined ? {} : { remoteAddress }),
    ...(remotePort === undefined ? {} : { remotePort }),
    ...(localPort === undefined ? {} : { localPort }),
  };
}

function addConsole({ api, guard }: Serving, folder: string): void {
  api.notFound((context) => {
    const { pathname } = new URL(context.req.url);
    if (pathname.startsWith("/v1/") || pathname.startsWith("/hooks/") || !["GET", "HEAD"].includes(context.req.method)) {
      return problemResponse(
        new PullcordError(
          "not_found",
          "unknown_route",
          `There is no ${context.req.method} ${pathname}. The API is described at /v1/openapi.json.`,
        ),
      );
    }
    // Following a link to the console from elsewhere is fine; only its API is closed to other sites.
    guard.checkHost(context.req.raw);
    return consoleFile(folder, pathname);
  });
}
