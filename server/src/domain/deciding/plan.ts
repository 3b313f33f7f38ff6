import { riskLevel, riskLevels, type DecisionReason, type Plan, type PlanStep } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import { deviationSentence, followingOf, type Following } from "../plans/steps.js";
import { ask, standingAsks, type Ask, type Draft, type Step } from "./draft.js";
import { levelRank } from "./level.js";

/** Names the plan in a decision's reasons. */
export const deviationRule = "plan_deviation";

/**
 * Where a person approved a plan, and this is the step whose turn it is: what rules, autonomy and trust would ask is not
 * asked again. A plan lifts what a grant lifts, no more: no denial, no guardrail, no model's caution, no doubt of the
 * agent's own. What weighs more than it did when it was shown is asked about, and so is what a rule asks for that did not
 * ask then.
 */
export const followPlan: Step = (draft, facts) => {
  const { plan } = facts;
  if (!plan || !draft.reading) return draft;
  const following = standing(plan, facts);
  if (following.kind === "elsewhere" || following.kind === "withdrawn") return draft;
  const { step } = following;
  const asks = standingAsks(draft);
  const marked = { ...draft, planStep: { plan: plan.id, number: step.number, isAnswer: false } };
  // Tried again after it failed, without the plan's help: once it succeeds, the plan goes on.
  if (following.kind === "used") return step.state.status === "failed" && asks.length === 0 ? marked : draft;
  if (asks.length === 0 || following.kind === "early" || weighsMore(draft, step)) return marked;
  if (!asks.every((one) => isAnswered(one, plan, step))) return marked;
  const sentence = `Step ${step.number} of plan ${plan.id}, which ${plan.resolution?.by.id ?? "a person"} approved.`;
  const reason: DecisionReason = { step: "policy", sentence, rule: plan.id };
  return { ...marked, planStep: { ...marked.planStep, isAnswer: true }, asks: [], lift: { level: plan.level, reason } };
};

/** Whoever is asked although a plan was approved hears that this is not the plan, and what would have been. */
export const nameDeviation: Step = (draft, facts) => {
  const { plan } = facts;
  if (!plan || !draft.reading || standingAsks(draft).length === 0) return draft;
  const sentence = deviationSentence(plan, standing(plan, facts));
  const reason: DecisionReason = { step: "policy", sentence, rule: deviationRule };
  return { ...ask(draft, { reasons: [reason], level: "review", isLiftable: false }), deviatesFrom: plan.id };
};

function standing(plan: Plan, { proposed, run }: DecisionFacts): Following {
  return followingOf(plan, { proposed }, run);
}

/** Riskier, or harder to take back, than what the person saw. */
function weighsMore({ risk }: Draft, { judged: { assessment } }: PlanStep): boolean {
  if (!assessment) return true;
  const rank = (score: number) => riskLevels.indexOf(riskLevel(score));
  return (
    rank(risk.score) > rank(assessment.score) || (risk.reversibility === "irreversible" && assessment.reversibility !== "irreversible")
  );
}

/** Only what policy, autonomy or trust ask, up to the proof that was given, and no rule that did not speak when it was shown. */
function isAnswered({ reasons, level }: Ask, plan: Plan, { judged }: PlanStep): boolean {
  const own = reasons.at(-1);
  if (!own || levelRank(level) > levelRank(plan.level)) return false;
  if (own.step === "policy")
    return judged.effect === "require_approval" && judged.reasons.some(({ step, rule }) => step === "policy" && rule === own.rule);
  return own.step === "autonomy_and_trust" && own.rule !== "confidence";
}
