import type { ModelReviewState } from "@pullcord/sdk";
import { duration } from "../screen/time.js";

/** How a model's review goes, in one sentence; the model's name and its endpoint are the policy's. */
export function modelReviewSentence(review: ModelReviewState, now: number): string {
  const { model, endpoint, fromScore, onFailure, answered, failed, pausedUntil, problem } = review;
  const failing = onFailure === "ask" ? "a person decides where it fails" : "it is gone on without where it fails";
  const on = `Model review by ${model} at ${endpoint}, from risk ${fromScore} up: ${answered} answered, ${failed} failed; ${failing}.`;
  if (pausedUntil !== null)
    return `${on} It is left alone for ${duration(pausedUntil - now)} after failing again and again: ${problem?.sentence}.`;
  return problem ? `${on} It failed just now: ${problem.sentence}.` : on;
}
