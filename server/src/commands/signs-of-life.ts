/** A run of which nothing is known but silence is taken for lost after this long, in milliseconds. */
export const silentRunMs = 24 * 3_600_000;

/**
 * When each run was last heard of beside what is on record: it waits for an answer, or listens to its live stream. In
 * memory: after a restart every run has the whole time anew.
 */
export class SignsOfLife {
  readonly #since: number;
  readonly #seen = new Map<string, number>();
  readonly #listening = new Map<string, number>();

  constructor(since: number) {
    this.#since = since;
  }

  note(runId: string, now: number): void {
    this.#seen.set(runId, now);
  }

  /** It is there until it is let go, once. */
  hold(runId: string): () => void {
    const count = (by: number) => this.#listening.set(runId, (this.#listening.get(runId) ?? 0) + by);
    count(1);
    return () => count(-1);
  }

  isSilent({ id, lastActivityAt }: { readonly id: string; readonly lastActivityAt: number }, now: number): boolean {
    if ((this.#listening.get(id) ?? 0) > 0) return false;
    return now - Math.max(lastActivityAt, this.#seen.get(id) ?? 0, this.#since) >= silentRunMs;
  }
}
