import { PullcordError } from "@pullcord/sdk/protocol";
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
  const inTurn = oneAtATime();
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
    handle: ({ body, caller, signal }) => inTurn(() => dryRun(runner.look(caller.actor), body, AbortSignal.any([signal, serving.closing]))),
  });
}

/** Dry runs that wait for the one under way. */
const mostWaiting = 20;

/** One after the other: many at once would keep a person's stop waiting for one action of each. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (waiting > mostWaiting) throw new PullcordError("unavailable", "busy", "Too many dry runs are under way. Try again in a moment.");
    waiting += 1;
    const result = last.then(work).finally(() => (waiting -= 1));
    last = result.catch(() => undefined);
    return result;
  };
}
