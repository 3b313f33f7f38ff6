/** The event loop is given back at least this often, in milliseconds: a stop never waits for a long look, or a long preview. */
const turnMs = 8;

/** Gives others a turn in long work. */
export class Turns {
  #since = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#since > turnMs;
  }

  async give(): Promise<void> {
    await new Promise(setImmediate);
    this.#since = performance.now();
  }

  /** Between two pieces of work. */
  async between(): Promise<void> {
    if (this.isDue) await this.give();
  }
}
