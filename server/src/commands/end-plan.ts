import { type Actor, type Plan, type PlanEnd } from "@pullcord/sdk/protocol";
import { transitionPlan } from "../domain/plans/state.js";
import { nextOrThrow } from "../domain/transition.js";
import { appendEntry } from "../store/audit.js";
import { duePlans, openPlans, updatePlan } from "../store/plans.js";
import { findRun, type StoredRun } from "../store/runs.js";
import type { Command, CommandContext } from "./context.js";
import { appendPlanAnswer, recordPlanAnswer } from "./plan-record.js";
import { requirePlan } from "./require.js";
import { systemActor } from "./system-actor.js";
import { tallyPlanAnswered } from "./tally.js";

/** Most plans that one command ends; the clock calls again while there are more. */
const batchPlans = 50;

/** How an approved plan ends. */
interface Ending {
  readonly why: PlanEnd;
  readonly by: Actor;
}

/** A person takes an approved plan back, from the next action on. @throws PullcordError `conflict`/`not_approved`, `already_ended` */
export const revokePlan: Command<{ readonly planId: string }, Plan> = async (context, { planId }) =>
  closePlan(context, await requirePlan(context.tx, context.actor, planId), { why: "revoked", by: context.actor });

/** Ends an approved plan: from here on it grants nothing. */
export async function closePlan({ tx, now }: CommandContext, plan: Plan, { why, by }: Ending): Promise<Plan> {
  const ended = nextOrThrow(transitionPlan(plan, { kind: "end", why, by }, now));
  await updatePlan(tx, ended);
  const succeeded = ended.steps.filter(({ state }) => state.status === "succeeded").length;
  const { id, runId, steps, deviations } = ended;
  const body = { plan: id, why, succeeded, of: steps.length, deviations };
  await appendEntry(tx, { type: "plan.ended", at: now, actor: by, runId, body });
  return ended;
}

/**
 * The run is over: what waits for an answer is cancelled, what was approved grants nothing more. Changes `run`'s tally;
 * the caller writes it.
 */
export async function endPlansOf(
  context: CommandContext,
  run: StoredRun,
  { why, reason }: { readonly why: "stopped" | "run_finished"; readonly reason: string },
): Promise<void> {
  const { tx, now, actor: by } = context;
  for (const plan of await openPlans(tx, run.id)) {
    if (plan.status === "approved") {
      await closePlan(context, plan, { why, by });
      continue;
    }
    const cancelled = nextOrThrow(transitionPlan(plan, { kind: "cancel", by, reason }, now));
    await updatePlan(tx, cancelled, "pending");
    tallyPlanAnswered(run, now);
    await appendPlanAnswer(context, cancelled);
  }
}

/** Denies plans that nobody answered in time, and ends those whose time is over. Returns how many: none means that nothing more is due. */
export const expirePlans: Command<void, number> = async (context) => {
  const { tx, now, outside } = context;
  let ended = 0;
  for (const plan of await duePlans(tx, { now, limit: batchPlans })) {
    const run = await findRun(tx, plan.runId);
    if (plan.status === "approved") await closePlan(context, plan, { why: "expired", by: systemActor });
    else if (run?.state.status === "paused" && outside.policy().oversight.pauseStopsExpiry) continue;
    else {
      const expired = nextOrThrow(transitionPlan(plan, { kind: "expire" }, now));
      await updatePlan(tx, expired, "pending");
      await recordPlanAnswer(context, expired);
    }
    ended += 1;
  }
  return ended;
};
