import { actionLine, canonicalJson, bounds, PullcordError, type HandInPlan, type Plan } from "@pullcord/sdk/protocol";
import { approvalExpiry } from "../domain/approval-expiry.js";
import { transitionPlan } from "../domain/plans/state.js";
import { nextOrThrow } from "../domain/transition.js";
import { appendEntry } from "../store/audit.js";
import { findPlan, insertPlan, openPlans, updatePlan } from "../store/plans.js";
import { updateRun, type StoredRun } from "../store/runs.js";
import type { Command, CommandContext } from "./context.js";
import { judgePlan, stepsOf, withSteps, type StepJudgment, type UnjudgedStep } from "./judge-plan.js";
import { recordPlanAnswer } from "./plan-record.js";
import { previewRowsOfPlan } from "./plan-rows.js";
import { requirePlan, requireRun } from "./require.js";
import { tallyPlanAsked } from "./tally.js";

interface HandIn extends HandInPlan {
  readonly runId: string;
}

/**
 * An agent hands in what it means to do, and a person is asked about it as a whole (E10, E14); always, since that is what
 * handing in asks for. The same plan again joins the question, so that an approval outlives a lost connection; another
 * one has to wait for the answer.
 * @throws PullcordError `forbidden`/`stopped`, `conflict`/`run_over`, `plan_waiting`, `open_questions`
 */
export const handInPlan: Command<HandIn, Plan, readonly StepJudgment[]> = async (context, { runId, ...handIn }, ahead) => {
  const { tx, now, actor, outside } = context;
  const run = await requireRun(tx, actor, runId);
  requireGoing(context, run);
  const open = await openPlans(tx, run.id);
  const joined = open.find((plan) => isSame(plan, handIn));
  if (joined) return joined;
  requirePlaceForQuestion(run, open);
  const steps = unjudgedSteps(handIn);
  const judgments = ahead ?? (await judgePlan(context, run, steps));
  const standing = stepsOf(steps, judgments);
  const { summary, expiresInMs } = handIn;
  const made = withSteps({ id: outside.newId("plans"), runId: run.id, agent: run.agent }, standing);
  const plan: Plan = {
    ...made,
    ...(summary === undefined ? {} : { summary }),
    removed: [],
    status: "pending",
    resolution: null,
    createdAt: now,
    expiresAt: approvalExpiry({ level: made.level, policy: outside.policy(), wishMs: expiresInMs }, now),
    holdsUntil: null,
    ended: null,
    position: 0,
    deviations: 0,
  };
  await insertPlan(tx, plan);
  await previewRowsOfPlan(context, run, { plan, judgments });
  tallyPlanAsked(run, now);
  await updateRun(tx, run);
  const { id, digest, level, expiresAt, whole } = plan;
  const described = standing.map(({ number, proposed }) => ({ number, description: actionLine(proposed) }));
  const body = { plan: id, digest, level, expiresAt, score: whole.score, reversibility: whole.reversibility, steps: described };
  await appendEntry(tx, { type: "plan.handed_in", at: now, actor, runId: run.id, body });
  return plan;
};
handInPlan.lookAhead = async (context, { runId, ...handIn }) => {
  const run = await requireRun(context.tx, context.actor, runId);
  requireGoing(context, run);
  return judgePlan(context, run, unjudgedSteps(handIn));
};

/** The agent does not wait for the answer any more. */
export const withdrawPlan: Command<{ readonly planId: string; readonly reason: string }, Plan> = async (context, { planId, reason }) => {
  const plan = await requirePlan(context.tx, context.actor, planId);
  const cancelled = nextOrThrow(transitionPlan(plan, { kind: "cancel", by: context.actor, reason }, context.now));
  if (!(await updatePlan(context.tx, cancelled, "pending"))) return (await findPlan(context.tx, planId)) ?? plan;
  await recordPlanAnswer(context, cancelled);
  return cancelled;
};

function requireGoing({ outside }: Pick<CommandContext, "outside">, run: StoredRun): void {
  const { status } = outside.unrecorded.stateOf(run);
  if (status === "stopped" || outside.killFilePresent()) {
    throw new PullcordError("forbidden", "stopped", "Pullcord: this run is stopped. Hand in nothing more, and tell your human.");
  }
  if (status === "finished") throw new PullcordError("conflict", "run_over", "This run has finished, so it takes no plan.");
}

function requirePlaceForQuestion({ tally }: StoredRun, open: readonly Plan[]): void {
  const waiting = open.find(({ status }) => status === "pending");
  if (waiting) {
    const text = `Plan ${waiting.id} of this run waits for a person already. Wait for the answer, or withdraw it, before handing in another.`;
    throw new PullcordError("conflict", "plan_waiting", text);
  }
  if (tally.waiting >= bounds.openQuestions) {
    const text = `${bounds.openQuestions} questions of this run wait already. Wait for their answers before handing in a plan.`;
    throw new PullcordError("conflict", "open_questions", text);
  }
}

function unjudgedSteps({ steps }: HandInPlan): readonly UnjudgedStep[] {
  return steps.map((proposed, at) => ({ number: at + 1, proposed }));
}

/** Handed in word for word, and nothing of it has run. */
function isSame({ steps, removed }: Plan, handIn: HandInPlan): boolean {
  const given = [...steps, ...removed].toSorted((one, other) => one.number - other.number);
  const isUntouched = steps.every(({ state }) => state.status === "open");
  return isUntouched && canonicalJson(given.map(({ proposed }) => proposed)) === canonicalJson(handIn.steps);
}
