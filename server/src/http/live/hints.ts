import type { LiveEvent } from "@pullcord/sdk/protocol";

export type Hint = Exclude<LiveEvent, { kind: "recorded" }>;
type HintListener = (hint: Hint) => void;

/** Hints about the moment: progress, output lines, a stop that is not on record. Not kept; a client that missed some reads the run. */
export class Hints {
  readonly #listeners = new Set<HintListener>();

  send(hint: Hint): void {
    for (const listener of this.#listeners) listener(hint);
  }

  subscribe(listener: HintListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
