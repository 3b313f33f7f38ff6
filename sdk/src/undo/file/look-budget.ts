import { PullcordError } from "../../protocol/index.js";
import { Turns } from "../turns.js";

export interface Bounds {
  readonly mostEntries: number;
  readonly longestMs: number;
}

/** What one look has taken, held against its bounds. */
export class LookBudget {
  readonly #root: string;
  readonly #bounds: Bounds;
  readonly #startedAt = performance.now();
  readonly #turns = new Turns();
  #entries = 0;

  constructor(root: string, bounds: Bounds) {
    this.#root = root || "/";
    this.#bounds = bounds;
  }

  /**
   * One more path was looked at.
   * @returns whether it is time to give the event loop back. @throws PullcordError `unavailable`/`snapshot_too_large`, `snapshot_too_slow`
   */
  spend(): boolean {
    const { mostEntries, longestMs } = this.#bounds;
    this.#entries += 1;
    if (this.#entries > mostEntries) {
      const text = `${this.#root} holds more than ${mostEntries} files, so no snapshot of it is kept.`;
      throw new PullcordError("unavailable", "snapshot_too_large", text);
    }
    const now = performance.now();
    if (now - this.#startedAt > longestMs) {
      const text = `Looking at ${this.#root} took more than ${longestMs} ms, so no snapshot of it was kept.`;
      throw new PullcordError("unavailable", "snapshot_too_slow", text);
    }
    return this.#turns.isDue;
  }

  giveTurn(): Promise<void> {
    return this.#turns.give();
  }
}
