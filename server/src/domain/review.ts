import { riskLevel, type ModelReviewState, type ProposedAction, type RiskAssessment } from "@pullcord/sdk/protocol";
import type { ReviewRules } from "./policy/policy.js";
import type { Reading } from "./reading.js";

/**
 * What came of asking a model for a second look at an action (V9.2.6, V9.2.7). The model read text that an agent, or
 * whoever the agent read, wrote: whatever it says is taken for no more than a reason to be more careful.
 */
export type Review = GivenReview | MissingReview;

export interface GivenReview {
  readonly kind: "given";
  /** 0 to 100; anything else counts as 100. */
  readonly addedRisk: number;
  /** Sentences, short and without unseen characters; may be none. */
  readonly concerns: readonly string[];
}

/** No answer, a late one, one that can't be read, a refusal. */
export interface MissingReview {
  readonly kind: "missing";
  /** Why, to go on a sentence: "there was no answer within 5 s". */
  readonly why: string;
}

/** Asks a model. */
export interface Reviewer {
  /** Never rejects, and answers within the policy's time limit. */
  review(subject: { readonly proposed: ProposedAction; readonly reading: Reading }, rules: ReviewRules): Promise<Review>;
  /** How asking goes, for status and doctor. */
  state(rules: ReviewRules): ModelReviewState;
}

/** The name of the factors and the reasons that a review gives. */
export const reviewFactor = "model_review";

/** What an explanation supposes of a model that was not asked. */
export const nothingToAdd: GivenReview = { kind: "given", addedRisk: 0, concerns: [] };

/** The assessment with what the model added, as factors that say so. The score only rises, and nothing else changes. */
export function assessmentWith(assessment: RiskAssessment, review: Review, model: string): RiskAssessment {
  if (review.kind === "missing") return { ...assessment, modelReview: { ...review, model } };
  const addedRisk = soundRisk(review.addedRisk);
  const score = Math.min(worstScore, assessment.score + addedRisk);
  const said = review.concerns.length > 0 ? review.concerns : [addedRisk > 0 ? "more risk, without saying why." : "nothing to add."];
  const factors = said.map((concern, index) => ({
    name: reviewFactor,
    score: addedRisk > 0 && index === 0 ? score : 0,
    sentence: reviewSentence(model, concern),
  }));
  return {
    ...assessment,
    score,
    level: riskLevel(score),
    factors: [...assessment.factors, ...factors],
    modelReview: { kind: "given", model, scoreBefore: assessment.score, addedRisk, concerns: review.concerns },
  };
}

/** Takes a recorded assessment apart again: as it was before the review, and the review. */
export function assessmentBefore({ modelReview, ...assessment }: RiskAssessment): {
  readonly assessment: RiskAssessment;
  readonly review: Review | null;
} {
  if (!modelReview) return { assessment, review: null };
  const factors = assessment.factors.filter(({ name }) => name !== reviewFactor);
  const score = modelReview.kind === "given" ? modelReview.scoreBefore : assessment.score;
  return { assessment: { ...assessment, score, level: riskLevel(score), factors }, review: modelReview };
}

/** Who says it comes before what is said. */
export function reviewSentence(model: string, said: string): string {
  return `Model review (${model}): ${said}`;
}

const worstScore = 100;

/** Whole. A number that is none would compare as neither more nor less: it counts as the worst. */
export function soundRisk(addedRisk: number): number {
  return addedRisk >= 0 && addedRisk <= worstScore ? Math.ceil(addedRisk) : worstScore;
}
