import type { DecisionFacts } from "../facts.js";
import type { Policy, ReviewRules } from "../policy/policy.js";
import { assessmentWith, reviewFactor, reviewSentence, soundRisk, type GivenReview, type MissingReview } from "../review.js";
import { ask, atSetting, standingAsks, type Draft, type Step } from "./draft.js";

/**
 * Heeds the model's second look, where the policy wants one. It comes after everything that could allow, and can do one
 * thing: ask a person about what would run without one. It lifts nothing, denies nothing, and no `allow` rule lifts it;
 * so whoever talks the model into approval has gained nothing over its not being there (V9.2.6, V9.2.7).
 */
export const heedReview: Step = (draft, facts) => {
  const rules = facts.policy.review;
  if (rules === null || !draft.reading) return draft;
  // Who is asked anyway hears what the model said; where it said nothing, nobody misses it.
  if (standingAsks(draft).length > 0 && facts.review?.kind !== "given") return draft;
  if (!isWorthReview(draft, rules)) return draft;
  const review = facts.review ?? { kind: "missing", why: "it was not made" };
  const assessment = assessmentWith(draft.reading.assessment, review, rules.model);
  const heeded = {
    ...draft,
    reading: { ...draft.reading, assessment },
    risk: { ...draft.risk, score: Math.max(draft.risk.score, assessment.score) },
    lacksReview: facts.review === null,
  };
  const weighing = { before: draft.risk.score, rules, facts };
  return review.kind === "given" ? weigh(heeded, review, weighing) : miss(heeded, review, weighing);
};

/** What reads or writes plainly is not sent anywhere; what was not understood is. */
function isWorthReview({ risk }: Draft, { fromScore }: ReviewRules): boolean {
  return risk.score >= fromScore || !risk.understood;
}

interface Weighing {
  /** The score before the review. */
  readonly before: number;
  readonly rules: ReviewRules;
  readonly facts: DecisionFacts;
}

function weigh(draft: Draft, { addedRisk, concerns }: GivenReview, { before, rules, facts }: Weighing): Draft {
  const { policy } = facts;
  const { score } = draft.risk;
  const { askAt } = policy.thresholds;
  if (soundRisk(addedRisk) === 0 || score < askAt) return draft;
  const raised = `${reviewSentence(rules.model, `it raised the risk from ${before} to ${score}`)}; the policy asks from ${askAt} up.`;
  return askForReview(draft, [raised, ...concerns.map((concern) => reviewSentence(rules.model, concern))], policy);
}

function miss(draft: Draft, { why }: MissingReview, { rules: { model, onFailure }, facts }: Weighing): Draft {
  if (onFailure === "ask") return askForReview(draft, [reviewSentence(model, `${why}, so a person decides.`)], facts.policy);
  if (!draft.reading) return draft;
  const { assessment } = draft.reading;
  const sentence = reviewSentence(model, `${why}, and the policy goes on without it.`);
  const factors = [...assessment.factors, { name: reviewFactor, score: 0, sentence }];
  return { ...draft, reading: { ...draft.reading, assessment: { ...assessment, factors } } };
}

function askForReview(draft: Draft, sentences: readonly string[], policy: Policy): Draft {
  const reasons = sentences.map((sentence) => atSetting({ step: "risk", sentence, rule: reviewFactor }, "review", policy));
  return ask(draft, { reasons, level: "review", isLiftable: false });
}
