import { bounds } from "@pullcord/sdk/protocol";
import { giveUndo } from "../../commands/give-undo.js";
import { settleUndo } from "../../commands/settle-undo.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/undo-tasks.js";
import { runParams } from "./runs.js";

const tag = "undo";

/** What programs that registered an undo handler hand in, are asked, and answer. They take back; people say when. */
export function addUndoTaskRoutes(serving: Serving): void {
  const { runner } = serving;
  const { snapshots } = runner.outside;
  addRoute(serving, {
    method: "put",
    path: "/v1/actions/{id}/undo",
    tag,
    summary: "Hand in what takes an action back",
    who: "agent",
    params: runParams,
    body: schemas.handedIn,
    largestBodyBytes: bounds.undoBodyBytes,
    handle: ({ params, body, caller }) => runner.run(giveUndo, { actionId: params.id, ...body }, caller),
  });
  addRoute(serving, {
    method: "put",
    path: "/v1/actions/{id}/undo/settlement",
    tag,
    summary: "Say whether what was handed in before it happened has happened",
    who: "agent",
    params: runParams,
    body: schemas.settledUndo,
    handle: ({ params, body, caller }) => runner.run(settleUndo, { actionId: params.id, ...body }, caller),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/undo-tasks",
    tag,
    summary: "Ask for something to do for an undo",
    who: "agent",
    body: schemas.fetchUndoTask,
    answer: schemas.fetchedTask,
    handle: async ({ body, caller, signal }) => {
      const gone = AbortSignal.any([signal, serving.closing]);
      return { task: await snapshots.fetchTask(caller.actor.id, body, gone) };
    },
  });
  addRoute(serving, {
    method: "put",
    path: "/v1/undo-tasks/{id}/answer",
    tag,
    summary: "Say what came of it",
    who: "agent",
    params: runParams,
    body: schemas.undoTaskAnswer,
    largestBodyBytes: bounds.undoBodyBytes,
    handle: ({ params, body, caller }) => Promise.resolve(snapshots.answerTask(caller.actor.id, params.id, body)),
  });
}
