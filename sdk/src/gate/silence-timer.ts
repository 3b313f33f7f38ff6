import type { Silence } from "../protocol/index.js";

/** The dead man's timer towards the server: runs from the first moment of a silence on, however often it is broken off and tried again. */
export class SilenceTimer {
  readonly #silence: Silence | undefined;
  readonly #onSilent: (silence: Silence) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param silence without it, nothing ever happens */
  constructor(silence: Silence | undefined, onSilent: (silence: Silence) => void) {
    this.#silence = silence;
    this.#onSilent = onSilent;
  }

  /** Nothing is heard from here on. */
  begin(): void {
    const silence = this.#silence;
    if (silence) this.#timer ??= setTimeout(() => this.#onSilent(silence), silence.afterMs);
  }

  /** The server was heard. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
