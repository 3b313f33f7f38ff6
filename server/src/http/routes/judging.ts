import { PullcordError } from "@pullcord/sdk/protocol";
import { dryRun } from "../../commands/dry-run.js";
import { explainAction } from "../../commands/explain-action.js";
import { wholeId } from "../../store/ids.js";
import type { Policy } from "../../domain/policy/policy.js";
import { addRoute, type Serving } from "../route.js";
import * as schemas from "../schemas/judging.js";
import type { PolicyDesk } from "./policy.js";
import { runParams } from "./runs.js";

const tag = "judging";

/** Why something was decided as it was, and what would be. Nothing here is written, and no answer is a permit. */
export function addJudgingRoutes(serving: Serving, desk: Pick<PolicyDesk, "document" | "inForce" | "load">): void {
  const { runner } = serving;
  const policyOf = earlierPolicies(desk);
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
      return explainAction(look, await wholeId(look.tx, "actions", params.id), { file: desk.inForce().file, policyOf });
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

/** Policies of then that are kept compiled: who looks at one old decision looks at its neighbours. */
const mostEarlier = 4;

function earlierPolicies(desk: Pick<PolicyDesk, "document" | "load">): (text: string) => Promise<Policy | null> {
  const kept = new Map<string, Policy | null>();
  return async (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const policy = await earlierPolicy(desk, text);
    kept.set(text, policy);
    for (const oldest of [...kept.keys()].slice(0, -mostEarlier)) kept.delete(oldest);
    return policy;
  };
}

/** What its own matchers would have said is not known any more. */
async function earlierPolicy(desk: Pick<PolicyDesk, "load" | "document">, text: string): Promise<Policy | null> {
  const loaded = await desk.load(text);
  if ("problem" in loaded) return null;
  loaded.ok.close();
  return desk.document(text).matchers === undefined ? loaded.ok.policy : null;
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
