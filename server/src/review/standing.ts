import type { Review } from "../domain/review.js";

/** Failures in a row after which a model is left alone, and for how long, in milliseconds. */
const pausesAfter = 5;
const pauseMs = 60_000;

/** How asking one model goes; the circuit breaker in front of it. */
export class Standing {
  /** Which model at which endpoint. */
  readonly of: string;
  readonly #now: () => number;
  answered = 0;
  failed = 0;
  /** The newest failure, until an answer comes. */
  problem: { readonly at: number; readonly sentence: string } | null = null;
  #failedInARow = 0;

  constructor(of: string, now: () => number) {
    this.of = of;
    this.#now = now;
  }

  /** Until when the model is left alone; null when it is asked. After the pause, one more failure pauses it again. */
  get pausedUntil(): number | null {
    if (!this.problem || this.#failedInARow < pausesAfter) return null;
    const until = this.problem.at + pauseMs;
    return this.#now() < until ? until : null;
  }

  note(review: Review): void {
    if (review.kind === "given") {
      this.answered += 1;
      [this.#failedInARow, this.problem] = [0, null];
      return;
    }
    this.failed += 1;
    this.#failedInARow += 1;
    this.problem = { at: this.#now(), sentence: review.why };
  }
}
