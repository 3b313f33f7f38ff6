import { z } from "@hono/zod-openapi";
import { bounds } from "@pullcord/sdk/protocol";
import { endAction } from "../../commands/end-action.js";
import { proposeAction } from "../../commands/propose-action.js";
import { requireAction, requireRun } from "../../commands/require.js";
import { startAction } from "../../commands/start-action.js";
import { withdrawAction } from "../../commands/withdraw-action.js";
import { listActions } from "../../store/actions.js";
import { wholeId } from "../../store/ids.js";
import { awaitAnswer } from "../agent-wait.js";
import { afterAction, withSnapshot } from "../keep-snapshot.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/actions.js";
import { runParams } from "./runs.js";

const tag = "actions";
const readers = { agentOr: "viewer" } as const;

/** The gate: propose, wait, start, report. */
export function addActionRoutes(serving: Serving): void {
  addProposing(serving);
  addReading(serving);
  addEnding(serving);
}

function addProposing(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/actions",
    tag,
    summary: "Propose an action",
    who: "agent",
    params: runParams,
    body: schemas.proposedAction,
    answer: schemas.actionAnswer,
    handle: async ({ params, body, caller }) =>
      withSnapshot(runner, caller, await runner.run(proposeAction, { runId: params.id, proposed: body }, caller)),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/actions/{id}/answer",
    tag,
    summary: "Wait for what becomes of an action",
    who: "agent",
    params: runParams,
    query: z.object({ waitMs: z.coerce.number().int().min(0).max(bounds.longPollMs).default(0) }),
    answer: schemas.actionAnswer,
    handle: async ({ params, query, caller, signal }) => {
      const wait = { id: params.id, waitMs: query.waitMs, signal, closing: serving.closing };
      const answer = await awaitAnswer(runner, caller.actor, wait);
      return answer.next === "run" ? withSnapshot(runner, caller, answer) : answer;
    },
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/actions/{id}/start",
    tag,
    summary: "Use the permit of an approved action",
    who: "agent",
    params: runParams,
    body: schemas.startAction,
    answer: schemas.actionAnswer,
    handle: async ({ params, body, caller }) =>
      withSnapshot(runner, caller, await runner.run(startAction, { actionId: params.id, digest: body.digest }, caller)),
  });
}

function addReading(serving: Serving): void {
  const { store } = serving.runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/runs/{id}/actions",
    tag,
    summary: "A run's actions, newest first",
    who: readers,
    params: runParams,
    query: pageQuery.extend({ externalId: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.action, "Action"),
    handle: async ({ params, query, caller }) => {
      const run = await requireRun(store.read, caller.actor, await wholeId(store.read, "runs", params.id));
      const cursor = readTimeCursor(query.cursor);
      const rows = await listActions(store.read, {
        runId: run.id,
        externalId: query.externalId,
        cursor: cursor && { proposedAt: cursor.at, id: cursor.id },
        limit: query.limit + 1,
      });
      return page(rows, query.limit, { item: (action) => action, cursor: (action) => timeCursor(action.proposedAt, action.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/actions/{id}",
    tag,
    summary: "One action with its decision",
    who: readers,
    params: runParams,
    answer: schemas.action,
    handle: async ({ params, caller }) => requireAction(store.read, caller.actor, await wholeId(store.read, "actions", params.id)),
  });
}

function addEnding(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/actions/{id}/outcome",
    tag,
    summary: "Report what came of an action",
    who: "agent",
    params: runParams,
    body: schemas.reportOutcome,
    answer: schemas.action,
    handle: async ({ params, body, caller }) => afterAction(runner, await runner.run(endAction, { actionId: params.id, ...body }, caller)),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/actions/{id}/withdrawal",
    tag,
    summary: "Say that nobody waits for an action any more",
    who: "agent",
    params: runParams,
    body: schemas.withdrawal,
    answer: schemas.action,
    handle: ({ params, body, caller }) => runner.run(withdrawAction, { actionId: params.id, reason: body.reason }, caller),
  });
}
