import type { Action, Plan } from "@pullcord/sdk/protocol";
import { beginStep, endStep, followingOf, goOnFrom, isFinished } from "../domain/plans/steps.js";
import { approvedPlan, findPlan, updatePlan } from "../store/plans.js";
import type { StoredRun } from "../store/runs.js";
import type { CommandContext } from "./context.js";
import { closePlan } from "./end-plan.js";
import { systemActor } from "./system-actor.js";

/** A decision was made: it used up a step of the plan that a person approved for the run, or deviates from it. */
export async function followDecision({ tx }: CommandContext, { id, decision }: Action): Promise<void> {
  const planId = decision?.planStep?.plan ?? decision?.deviatesFrom;
  const plan = planId === undefined ? undefined : await findPlan(tx, planId);
  if (!plan) return;
  const { planStep } = decision ?? {};
  await updatePlan(tx, planStep ? beginStep(plan, planStep.number, id) : { ...plan, deviations: plan.deviations + 1 });
}

/** A person let this one action run by itself. If it is a step of the plan, the plan goes on from there. */
export async function followApproval({ tx, now }: CommandContext, run: StoredRun, action: Action): Promise<void> {
  const plan = await approvedPlan(tx, run.id, now);
  if (plan) await updatePlan(tx, letThrough(plan, run, action));
}

/** An action ended: so did its step, and with the last one the plan. */
export async function followEnd(context: CommandContext, run: StoredRun, action: Action): Promise<void> {
  const { tx, now } = context;
  const plan = await approvedPlan(tx, run.id, now);
  if (!plan) return;
  const isKnown = plan.steps.some(({ state }) => "actionId" in state && state.actionId === action.id);
  // What was approved in the agent's own dialog is known only now.
  const running = isKnown || action.decision?.effect !== "require_approval" ? plan : letThrough(plan, run, action);
  const ended = endStep(running, action.id, action.state.status === "succeeded" ? "succeeded" : "failed");
  if (ended === plan) return;
  await updatePlan(tx, ended);
  if (isFinished(ended)) await closePlan(context, ended, { why: "finished", by: systemActor });
}

function letThrough(plan: Plan, { opening }: StoredRun, action: Action): Plan {
  const place = { workingDirectory: opening.workingDirectory ?? null, environment: opening.environment ?? null };
  const following = followingOf(plan, action, place);
  return "step" in following && following.kind !== "withdrawn" ? goOnFrom(plan, following.step.number, action.id) : plan;
}
