import {
  approvalLevels,
  PullcordError,
  reversibilities,
  riskLevel,
  riskLevels,
  type JudgedStep,
  type Person,
  type Plan,
  type PlanStep,
  type ResolvePlan,
} from "@pullcord/sdk/protocol";
import { transitionPlan, type PlanEvent } from "../domain/plans/state.js";
import { nextOrThrow } from "../domain/transition.js";
import { openPlans, updatePlan } from "../store/plans.js";
import { answeredFirst, requireSeen } from "./arrange-plan.js";
import { proveApproval } from "./approving.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { closePlan } from "./end-plan.js";
import { judgePlan } from "./judge-plan.js";
import { recordPlanAnswer } from "./plan-record.js";
import { requireRun } from "./require.js";
import { withTimeLeft } from "./time-left.js";

export interface ResolvePlanInput extends ResolvePlan {
  readonly planId: string;
  readonly person: Person;
}

/** How long an approved plan holds unless the person says otherwise, in milliseconds. */
const defaultForMs = 24 * 3_600_000;
/** What could not be read counts as the worst. */
const unreadScore = 100;

/**
 * A person answers a plan as a whole: bound to what they saw, once, within its time, with the proof that its gravest step
 * needs. It is judged once more, so that what weighs more by now is not approved unseen. An earlier plan of the run ends.
 * @throws PullcordError `conflict`/`digest_mismatch`, `step_denied`, `plan_outdated`, `already_…`; `forbidden`/`presence_required`, …
 */
export const resolvePlan: Command<ResolvePlanInput, Plan, readonly JudgedStep[]> = async (context, input, ahead) => {
  const { tx, now } = context;
  const plan = await withTimeLeft(context, await requireSeen(context, input.planId, input.digest));
  const event = input.effect === "approve" ? await approval(context, plan, { ...input, ahead }) : denial(context, input);
  const next = nextOrThrow(transitionPlan(plan, event, now));
  if (next.status === "approved") await endEarlier(context, next);
  if (!(await updatePlan(tx, next, "pending"))) throw answeredFirst(plan);
  await recordPlanAnswer(context, next);
  return next;
};
resolvePlan.lookAhead = async (context, { effect, planId, digest }) => {
  if (effect !== "approve") return undefined;
  const plan = await requireSeen(context, planId, digest);
  return plan.status === "pending" ? judgeAgain(context, plan) : undefined;
};

function denial({ actor }: CommandContext, { reason }: ResolvePlanInput): PlanEvent {
  return { kind: "deny", by: actor, ...(reason === undefined ? {} : { reason }) };
}

async function approval(
  context: CommandContext,
  plan: Plan,
  input: ResolvePlanInput & { readonly ahead: readonly JudgedStep[] | undefined },
): Promise<PlanEvent> {
  const { person, reason, presenceProof, forMs = defaultForMs } = input;
  if (plan.status === "pending") requireAsShown(plan, input.ahead ?? (await judgeAgain(context, plan)));
  const weights = [{ level: plan.level, score: plan.whole.score }];
  const proof = await proveApproval(context, { person, digest: plan.digest, presenceProof, weights });
  return { kind: "approve", by: context.actor, forMs, ...(reason === undefined ? {} : { reason }), ...proof };
}

async function judgeAgain(look: LookContext, plan: Plan): Promise<readonly JudgedStep[]> {
  const judgments = await judgePlan(look, await requireRun(look.tx, look.actor, plan.runId), plan.steps);
  return judgments.map(({ judged }) => judged);
}

/** What policy denies can't be approved, and what got graver since it was shown has to be shown again. */
function requireAsShown({ id, steps }: Plan, fresh: readonly JudgedStep[]): void {
  for (const [at, step] of steps.entries()) {
    const now = fresh[at];
    const denied = [now, step.judged].find((one) => one?.effect === "deny");
    if (denied) {
      const text = `Step ${step.number} can't be approved: ${denied.reasons[0]?.sentence ?? "it is denied."} Take it out or change it.`;
      throw new PullcordError("conflict", "step_denied", text);
    }
    if (!now || isGraver(now, step)) {
      const text = `Step ${step.number} of plan ${id} weighs more now than what you were shown. Judge it again, look, then approve.`;
      throw new PullcordError("conflict", "plan_outdated", text);
    }
  }
}

function isGraver(now: JudgedStep, { judged }: PlanStep): boolean {
  const [after, before] = [gravity(now), gravity(judged)];
  return after.some((each, at) => each > (before[at] ?? 0));
}

function gravity({ effect, approvalLevel, assessment }: JudgedStep): readonly number[] {
  return [
    effect === "allow" ? 0 : 1,
    approvalLevels.indexOf(approvalLevel),
    riskLevels.indexOf(riskLevel(assessment?.score ?? unreadScore)),
    reversibilities.indexOf(assessment?.reversibility ?? "irreversible"),
  ];
}

/** One plan of a run holds at a time. */
async function endEarlier(context: CommandContext, { id, runId }: Plan): Promise<void> {
  for (const earlier of await openPlans(context.tx, runId)) {
    if (earlier.id !== id && earlier.status === "approved") await closePlan(context, earlier, { why: "replaced", by: context.actor });
  }
}
