import { hash, randomBytes } from "node:crypto";
import type { ModelReviewState } from "@pullcord/sdk/protocol";
import type { ReviewRules } from "../domain/policy/policy.js";
import type { Review, Reviewer } from "../domain/review.js";
import { askModel, missing } from "./ask-model.js";
import { readKey, type Environment } from "./key.js";
import { dataOf, promptOf } from "./prompt.js";
import { Recent } from "./recent.js";
import { Standing } from "./standing.js";
import { Turns } from "./turns.js";

/** Models asked at once, and how many reviews may wait for their turn. */
const mostAtOnce = 4;
const mostWaiting = 32;
const markerBytes = 12;

type Subject = Parameters<Reviewer["review"]>[0];

export interface ReviewerOptions {
  readonly environment: Environment;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends every review that is under way. */
  readonly closing: AbortSignal;
}

/**
 * Asks a model for a second look, over the network. What it answers is attacker-controlled, as is what it is shown:
 * everything here ends in a `Review`, which can only add caution.
 */
export class ModelReviewer implements Reviewer {
  readonly #options: ReviewerOptions;
  readonly #turns = new Turns(mostAtOnce, mostWaiting);
  readonly #recent: Recent<Review>;
  #standing: Standing;

  constructor(options: ReviewerOptions) {
    this.#options = options;
    this.#recent = new Recent(options.now);
    this.#standing = new Standing("", options.now);
  }

  /** The steps, in order: what may be sent at all, what was said just now, whether the model is being spared, asking. */
  async review(subject: Subject, rules: ReviewRules): Promise<Review> {
    const data = dataOf(subject);
    if (data === null) return missing("the action is too long to be sent");
    const asked = hash("sha256", JSON.stringify([rules.api, rules.endpoint, rules.model, data]));
    const known = this.#recent.get(asked);
    if (known) return known;
    const standing = this.#standingOf(rules);
    if (standing.pausedUntil !== null) return missing(`it is paused after failing again and again: ${standing.problem?.sentence}`);
    return this.#recent.keep(asked, this.#ask(data, rules, standing), (review) => review.kind === "given");
  }

  state(rules: ReviewRules): ModelReviewState {
    const { pausedUntil, answered, failed, problem } = this.#standingOf(rules);
    const { model, endpoint, fromScore, onFailure } = rules;
    return { model, endpoint, fromScore, onFailure, pausedUntil, answered, failed, problem };
  }

  async #ask(data: string, rules: ReviewRules, standing: Standing): Promise<Review> {
    const inTime = AbortSignal.any([AbortSignal.timeout(rules.timeLimitMs), this.#options.closing]);
    if (!(await this.#turns.take(inTime))) return missing("too many reviews wait");
    try {
      const key = readKey(rules.key, this.#options.environment);
      const marker = randomBytes(markerBytes).toString("hex");
      const review =
        "missing" in key ? missing(key.missing) : await askModel({ rules, key: key.value, prompt: promptOf(data, marker) }, inTime);
      if (!this.#options.closing.aborted) standing.note(review);
      return review;
    } finally {
      this.#turns.give();
    }
  }

  /** Another model or endpoint begins anew. */
  #standingOf({ api, endpoint, model }: ReviewRules): Standing {
    const of = `${api} ${endpoint} ${model}`;
    if (this.#standing.of !== of) this.#standing = new Standing(of, this.#options.now);
    return this.#standing;
  }
}
