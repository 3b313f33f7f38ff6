import { explainAction } from "../../commands/explain-action.js";
import { wholeId } from "../../store/ids.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/judging.js";
import { runParams } from "./runs.js";
import type { About } from "./server.js";

const tag = "judging";

/** Why something was decided as it was. Nothing here is written, and no answer is a permit. */
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
}
