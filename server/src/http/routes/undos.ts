import { z } from "@hono/zod-openapi";
import { bounds, PullcordError, type UndoScope } from "@pullcord/sdk/protocol";
import { changesOf } from "../../commands/changes.js";
import { previewUndo } from "../../commands/preview-undo.js";
import { makeUndo } from "../../commands/undo.js";
import { wholeId } from "../../store/ids.js";
import type { Reader } from "../../store/transaction.js";
import { findUndo, listUndos } from "../../store/undos.js";
import { page, pageOf, pageQuery, readTimeCursor, timeCursor } from "../paging.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/undos.js";
import { runParams } from "./runs.js";

const tag = "undo";

/** What a run changed, and the way back. People's alone: an agent cannot take anything back by itself. */
export function addUndoRoutes(serving: Serving): void {
  addLooking(serving);
  addUndoing(serving);
}

function addLooking(serving: Serving): void {
  const { runner } = serving;
  const { store } = runner;
  addRoute(serving, {
    method: "get",
    path: "/v1/runs/{id}/changes",
    tag,
    summary: "Everything a run changed, by files, with diffs",
    who: "viewer",
    params: runParams,
    answer: schemas.runChanges,
    handle: async ({ params, caller }) => changesOf(runner, caller.actor, await wholeId(store.read, "runs", params.id)),
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/undos",
    tag,
    summary: "Undos and redos, newest first",
    who: "viewer",
    query: pageQuery.extend({ run: z.string().max(bounds.nameLength).optional() }),
    answer: pageOf(schemas.undo, "Undo"),
    handle: async ({ query }) => {
      const run = query.run === undefined ? undefined : await wholeId(store.read, "runs", query.run);
      const rows = await listUndos(store.read, { run, cursor: readTimeCursor(query.cursor), limit: query.limit + 1 });
      return page(rows, query.limit, { item: (undo) => undo, cursor: (last) => timeCursor(last.at, last.id) });
    },
  });
  addRoute(serving, {
    method: "get",
    path: "/v1/undos/{id}",
    tag,
    summary: "One undo with what came of it",
    who: "viewer",
    params: runParams,
    answer: schemas.undo,
    handle: async ({ params }) => {
      const found = await findUndo(store.read, await wholeId(store.read, "undos", params.id));
      if (!found) throw new PullcordError("not_found", "unknown_undo", `There is no undo ${params.id}.`);
      return found;
    },
  });
}

function addUndoing(serving: Serving): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "post",
    path: "/v1/undo-previews",
    tag,
    summary: "What an undo of a run, an action or an earlier undo would do now",
    who: "operator",
    body: schemas.undoScope,
    answer: schemas.undoPreview,
    handle: async ({ body, caller }) => (await previewUndo(runner, caller.actor, await wholeScope(runner.store.read, body))).preview,
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/undos",
    tag,
    summary: "Undo a run, an action or an earlier undo",
    who: "operator",
    body: schemas.makeUndo,
    answer: schemas.undo,
    handle: async ({ body, caller }) => makeUndo(runner, caller, { ...body, ...(await wholeScope(runner.store.read, body)) }),
  });
}

/** A scope as a person wrote it, its ids made whole. */
async function wholeScope(reader: Reader, { run, action, undo, to, only }: UndoScope): Promise<UndoScope> {
  return {
    ...(run === undefined ? {} : { run: await wholeId(reader, "runs", run) }),
    ...(action === undefined ? {} : { action: await wholeId(reader, "actions", action) }),
    ...(undo === undefined ? {} : { undo: await wholeId(reader, "undos", undo) }),
    ...(to === undefined ? {} : { to: await wholeId(reader, "actions", to) }),
    ...(only === undefined ? {} : { only }),
  };
}
