/** Lets a few work at once, and the others wait in line. */
export class Turns {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** Waits for a turn, which `give` ends. False, and no turn, when too many wait or the signal ended the wait. */
  async take(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (this.#busy < this.#most) {
      this.#busy += 1;
      return true;
    }
    if (this.#waiting.length >= this.#mostWaiting) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const go = () => resolve(true);
    const leave = () => {
      const place = this.#waiting.indexOf(go);
      if (place >= 0) this.#waiting.splice(place, 1);
      resolve(false);
    };
    this.#waiting.push(go);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy -= 1;
  }
}
