/** How long an answer is good for the very same question, in milliseconds. */
const freshMs = 60_000;
const mostKept = 500;

/** Answers that were given just now or are under way: a burst of the same question is asked once. */
export class Recent<T> {
  readonly #now: () => number;
  readonly #kept = new Map<string, { readonly answer: Promise<T>; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): Promise<T> | null {
    const kept = this.#kept.get(key);
    return kept && this.#now() - kept.at < freshMs ? kept.answer : null;
  }

  /** Keeps an answer to come; forgets it again unless it is `worthKeeping`. */
  async keep(key: string, answer: Promise<T>, worthKeeping: (answer: T) => boolean): Promise<T> {
    if (this.#kept.size >= mostKept) this.#kept.clear();
    const kept = { answer, at: this.#now() };
    this.#kept.set(key, kept);
    const given = await answer;
    if (!worthKeeping(given) && this.#kept.get(key) === kept) this.#kept.delete(key);
    return given;
  }
}
