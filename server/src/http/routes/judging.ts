import { dryRun } from "../../commands/dry-run.js";
import { explainAction } from "../../commands/explain-action.js";
import { wholeId } from "../../store/ids.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/judging.js";
import { runParams } from "./runs.js";
import type { About } from "./server.js";

const tag = "judging";

/** Why something was decided as it was, and what would be. Nothing here is written, and no answer is a permit. */
export function addJudgingRoutes(serving: Serving, about: Pick<About, "policy">): void {
  const { runner } = serving;
  addRoute(serving, {
    method: "get",
    path: "/v1/actions/{id}/explanation",
    tag,
    summary: "Why an action was decided as it was, and what would have changed that",
    // Never for agents: it says what would loosen their reins.
    who: "viewer",
    params: runParams,
    answer: schemas.explanation,
    handle: async ({ params, caller }) => {
      const look = runner.look(caller.actor);
      return explainAction(look, await wholeId(look.tx, "actions", params.id), about.policy().file);
    },
  });
  addRoute(serving, {
    method: "post",
    path: "/v1/dry-runs",
    tag,
    summary: "What would be decided and what would happen, for one action or a plan; nothing is recorded",
    who: { agentOr: "operator" },
    body: schemas.dryRun,
    answer: schemas.dryRunAnswer,
    handle: ({ body, caller }) => dryRun(runner.look(caller.actor), body),
  });
}
