import { makeReview, readReview } from "../../commands/review-run.js";
import { wholeId } from "../../store/ids.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/run-reviews.js";
import { runParams } from "./runs.js";

const tag = "undo";

/** The end of a run: what it changed, and whether that is kept, discarded or left. People's alone. */
export function addReviewRoutes(serving: Serving): void {
  const { runner } = serving;
  const { read } = runner.store;
  addRoute(serving, {
    method: "get",
    path: "/v1/runs/{id}/review",
    tag,
    summary: "What a run came to and changed, and what keeping it as a commit would make",
    who: "viewer",
    params: runParams,
    answer: schemas.runReview,
    handle: async ({ params, caller }) => readReview(runner, caller.actor, await wholeId(read, "runs", params.id)),
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/runs/{id}/review",
    tag,
    summary: "Keep what a run changed as a commit on a branch of its own, discard it, or leave it",
    who: "operator",
    params: runParams,
    body: schemas.makeReview,
    answer: schemas.reviewOutcome,
    handle: async ({ params, body, caller }) => makeReview(runner, caller, { runId: await wholeId(read, "runs", params.id), review: body }),
  });
}
