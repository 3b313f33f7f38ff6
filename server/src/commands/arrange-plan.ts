import { PullcordError, type ArrangePlan, type Plan, type PlanStep } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { updatePlan } from "../store/plans.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { judgePlan, stepsOf, withSteps, type StepJudgment, type UnjudgedStep } from "./judge-plan.js";
import { stepsOnRecord } from "./plan-record.js";
import { previewRowsOfPlan } from "./plan-rows.js";
import { requirePlan, requireRun } from "./require.js";

interface Arranging extends ArrangePlan {
  readonly planId: string;
}

/**
 * A person says how the steps are to stand: other arguments, another order, fewer of them (E10). All of it is judged anew
 * at once and gets another digest, so that nobody approves what they have not seen. The arrangement as it was judges again.
 * @throws PullcordError `conflict`/`digest_mismatch`, `already_…`; `invalid`/`unknown_step`, `no_steps`
 */
export const arrangePlan: Command<Arranging, Plan, readonly StepJudgment[]> = async (context, input, ahead) => {
  const { tx, now, actor } = context;
  const { plan, steps } = await arranged(context, input);
  const run = await requireRun(tx, actor, plan.runId);
  const judgments = ahead ?? (await judgePlan(context, run, steps));
  const named = new Set(steps.map(({ number }) => number));
  const all = [...plan.steps, ...plan.removed];
  const removed = all.filter(({ number }) => !named.has(number)).toSorted((one, other) => one.number - other.number);
  const next = withSteps({ ...plan, removed }, stepsOf(steps, judgments));
  if (!(await updatePlan(tx, next, "pending"))) throw answeredFirst(plan);
  await previewRowsOfPlan(context, run, { plan: next, judgments });
  const body = { plan: plan.id, digest: next.digest, was: plan.digest, ...stepsOnRecord(next) };
  await appendEntry(tx, { type: "plan.arranged", at: now, actor, runId: plan.runId, body });
  return next;
};
arrangePlan.lookAhead = async (context, input) => {
  const { plan, steps } = await arranged(context, input);
  return judgePlan(context, await requireRun(context.tx, context.actor, plan.runId), steps);
};

/** A plan that waits, and is what the person saw. */
export async function requireSeen({ tx, actor }: LookContext, planId: string, digest: string): Promise<Plan> {
  const plan = await requirePlan(tx, actor, planId);
  if (plan.status === "pending" && plan.digest !== digest) {
    const text = "What you saw is not how this plan stands now: somebody changed it. Open it again.";
    throw new PullcordError("conflict", "digest_mismatch", text, { field: "/digest" });
  }
  return plan;
}

export function answeredFirst({ id }: Plan): PullcordError {
  return new PullcordError("conflict", "already_resolved", `Somebody answered plan ${id} first.`);
}

async function arranged(context: LookContext | CommandContext, input: Arranging): Promise<{ plan: Plan; steps: readonly UnjudgedStep[] }> {
  const plan = await requireSeen(context, input.planId, input.digest);
  if (plan.status !== "pending") throw answeredFirst(plan);
  const numbers = input.steps.map(({ number }) => number);
  if (new Set(numbers).size !== numbers.length) throw invalid("unknown_step", "Each step is named once.");
  if (numbers.length === 0) throw invalid("no_steps", "A plan without steps is no plan. Deny it instead.");
  const known = new Map([...plan.steps, ...plan.removed].map((step): [number, PlanStep] => [step.number, step]));
  return {
    plan,
    steps: input.steps.map(({ number, arguments: approvedArguments }) => {
      const proposed = known.get(number)?.proposed;
      if (!proposed) throw invalid("unknown_step", `Plan ${plan.id} has no step ${number}.`);
      return { number, proposed, ...(approvedArguments ? { approvedArguments } : {}) };
    }),
  };
}

function invalid(reason: string, sentence: string): PullcordError {
  return new PullcordError("invalid", reason, sentence, { field: "/steps" });
}
