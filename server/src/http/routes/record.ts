import { ServerResponse } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { z } from "@hono/zod-openapi";
import { bounds, PullcordError } from "@pullcord/sdk/protocol";
import { requireRun } from "../../commands/require.js";
import { listEntries } from "../../store/audit.js";
import { verifyLog } from "../../store/verify-log.js";
import type { LiveQuery } from "../live/listener.js";
import type { LiveStreams } from "../live/live-streams.js";
import { page, pageOf, pageQuery } from "../paging.js";
import type { Principal } from "../principal.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/server.js";

const tag = "record";

/** The audit log, and the live stream that follows it. */
export function addRecordRoutes(serving: Serving, streams: LiveStreams): void {
  addAudit(serving);
  addEvents(serving, streams);
}

function addAudit(serving: Serving): void {
  const { store } = serving.runner;
  const id = z.string().max(bounds.nameLength).optional();
  const at = z.coerce.number().int().optional();
  addRoute(serving, {
    method: "get",
    path: "/v1/audit",
    tag,
    summary: "Entries of the audit log",
    who: "viewer",
    query: pageQuery.extend({
      cursor: z.coerce.number().int().min(0).optional(),
      type: schemas.auditType.optional(),
      actor: id,
      run: id,
      action: id,
      from: at,
      to: at,
      order: z.enum(["oldest", "newest"]).default("newest"),
    }),
    answer: pageOf(schemas.auditEntry, "AuditEntry"),
    handle: async ({ query }) => {
      const rows = await listEntries(store.read, { ...query, limit: query.limit + 1 });
      return page(rows, query.limit, { item: (entry) => entry, cursor: (entry) => String(entry.seq) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/audit/verification",
    tag,
    summary: "Re-compute every hash of the log",
    who: "viewer",
    answer: schemas.auditVerification,
    handle: () => verifyLog(store.read),
  });
}

function addEvents(serving: Serving, streams: LiveStreams): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "get",
    path: "/v1/events",
    tag,
    summary: "The live stream (text/event-stream), resumable by Last-Event-ID",
    who: { agentOr: "viewer" },
    query: z.object({ run: z.string().max(bounds.nameLength).optional(), after: z.coerce.number().int().min(0).optional() }),
    answer: z.string().openapi({ description: "text/event-stream of LiveEvent" }),
    handle: async ({ query, principal, caller, context }) => {
      if (principal?.kind === "agent" && query.run === undefined) {
        throw new PullcordError("forbidden", "own_run_only", "An agent follows its own run: name it with ?run=.", { field: "/query/run" });
      }
      if (query.run !== undefined) await requireRun(runner.store.read, caller.actor, query.run);
      const { outgoing } = context.env as Partial<HttpBindings>;
      if (!(outgoing instanceof ServerResponse)) throw new Error("A live stream needs a connection of its own.");
      if (principal?.kind === "agent" && query.run !== undefined) {
        outgoing.once("close", runner.outside.signsOfLife.hold(query.run));
      }
      const lastId = Number(context.req.header("last-event-id") ?? Number.NaN);
      const after = Number.isSafeInteger(lastId) && lastId >= 0 ? lastId : query.after;
      streams.open(outgoing, { run: query.run, withShared: principal?.kind === "person", after, proof: proofOf(principal, runner.now) });
      return RESPONSE_ALREADY_SENT;
    },
  });
}

/** A token ends when it is revoked, a person's streams when they sign out anywhere; the others come back by themselves. */
function proofOf(principal: Principal | null, now: number): LiveQuery["proof"] {
  if (principal?.kind === "agent") {
    const { id, expiresAt } = principal.token;
    return {
      expiresInMs: (expiresAt ?? Infinity) - now,
      isEndedBy: ({ type, body }) => type === "agent_token.revoked" && body["id"] === id,
    };
  }
  return {
    expiresInMs: principal?.kind === "person" ? principal.session.expiresAt - now : 0,
    isEndedBy: ({ type, actor }) => type === "person.signed_out" && actor.id === principal?.actor.id,
  };
}
