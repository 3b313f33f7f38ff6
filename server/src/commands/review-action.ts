import { decide } from "../domain/decide.js";
import type { StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";
import type { Examination } from "./examine-action.js";
import { gatherFacts, type Examined } from "./gather-facts.js";

/**
 * Adds a model's second look where the policy wants one: for what would run without a person, as things stand now. What
 * holds may change before the decision; then an action that lacks its review is treated as one whose review failed.
 * Under break glass nothing is asked (B4).
 */
export async function reviewAction(context: LookContext, run: StoredRun, examined: Examined): Promise<Examination> {
  const { proposed, examination } = examined;
  const rules = context.outside.policy().review;
  if (rules === null || examination.reading === null) return examination;
  const verdict = decide(await gatherFacts(context, run, examined), context.now);
  if (verdict.kind === "held" || !verdict.lacksReview) return examination;
  const { reading } = examination;
  return { ...examination, review: await context.outside.reviewer.review({ proposed, reading }, rules) };
}
