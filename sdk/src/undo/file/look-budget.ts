import { PullcordError } from "../../protocol/index.js";
import { Turns } from "../turns.js";

export interface Bounds {
  readonly mostEntries: number;
  readonly longestMs: number;
  /** What is more is not looked at, and said to be unseen; without, the look fails. */
  readonly goesOn?: boolean;
}

/** What one look has taken, held against its bounds. */
export class LookBudget {
  readonly #root: string;
  readonly #bounds: Bounds;
  readonly #startedAt = performance.now();
  readonly #turns = new Turns();
  #entries = 0;
  #isSpent = false;

  constructor(root: string, bounds: Bounds) {
    this.#root = root || "/";
    this.#bounds = bounds;
  }

  /**
   * One more path was looked at.
   * @param counts whether it is one of those that there may only be so many of
   * @returns whether it is time to give the event loop back. @throws PullcordError `unavailable`/`snapshot_too_large`, `snapshot_too_slow`
   */
  spend(counts: boolean): boolean {
    const { mostEntries, longestMs, goesOn = false } = this.#bounds;
    if (counts) this.#entries += 1;
    const now = performance.now();
    this.#isSpent = this.#entries > mostEntries || now - this.#startedAt > longestMs;
    if (this.#isSpent && !goesOn) throw this.#exceeded();
    return this.#turns.isDue;
  }

  /** Only what was known before is still looked at. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  #exceeded(): PullcordError {
    const { mostEntries, longestMs } = this.#bounds;
    if (this.#entries > mostEntries) {
      const text = `${this.#root} holds more than ${mostEntries} files, so no snapshot of it is kept.`;
      return new PullcordError("unavailable", "snapshot_too_large", text);
    }
    const text = `Looking at ${this.#root} took more than ${longestMs} ms, so no snapshot of it was kept.`;
    return new PullcordError("unavailable", "snapshot_too_slow", text);
  }

  giveTurn(): Promise<void> {
    return this.#turns.give();
  }
}
