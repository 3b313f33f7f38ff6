import { randomUUID } from "node:crypto";
import { isPullcordError, bounds, type LogStream } from "../protocol/index.js";

export interface LogPiece {
  readonly stream: LogStream;
  readonly text: string;
}

/** Lines are sent together this often, in milliseconds. */
const sendEveryMs = 150;
/** Lines kept while the server is slow or away; older ones give way, and that is said. */
const mostWaiting = 5_000;
/** Characters of one post, far below the body limit even when each takes several bytes. */
const mostCharacters = 500_000;
const flushLimitMs = 2_000;
/** What could not be sent is tried again after this time, in milliseconds. */
const tryAgainMs = 1_000;

interface Batch {
  readonly lines: readonly LogPiece[];
  /** Sending it again under the same key keeps it once, also where only the answer was lost. */
  readonly key: string;
}

type Send = (lines: readonly LogPiece[], key: string) => Promise<void>;

/** Sends a run's output in bounded batches, in order, one at a time. Output is never a reason to fail. */
export class LogBatch {
  readonly #send: Send;
  #unsent: Batch | null = null;
  #waiting: LogPiece[] = [];
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;

  constructor(send: Send) {
    this.#send = send;
  }

  add(piece: LogPiece): void {
    this.#waiting.push(piece);
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#timer ??= setTimeout(() => void this.#work(), sendEveryMs);
  }

  /** Sends what is left, for at most two seconds. */
  async flush(): Promise<void> {
    const limit = new Promise((resolve) => setTimeout(resolve, flushLimitMs).unref());
    await Promise.race([limit, this.#work()]);
    clearTimeout(this.#timer);
  }

  #work(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#unsent || this.#waiting.length > 0) {
      this.#unsent ??= { lines: this.#take(), key: randomUUID() };
      const { lines, key } = this.#unsent;
      try {
        await this.#send(lines, key);
        this.#unsent = null;
      } catch (error) {
        this.#keepOrDrop(lines, error);
        return;
      }
    }
  }

  /** A server that is slow or away gets it later; one that refuses does not. */
  #keepOrDrop(lines: readonly LogPiece[], error: unknown): void {
    if (!isPullcordError(error) || error.code !== "unavailable") {
      this.#dropped += lines.length;
      this.#unsent = null;
    }
    this.#timer ??= setTimeout(() => void this.#work(), tryAgainMs).unref();
  }

  #take(): LogPiece[] {
    const batch: LogPiece[] = [];
    let characters = 0;
    if (this.#dropped > 0) {
      batch.push({ stream: "note", text: `(${this.#dropped} lines could not be kept)` });
      this.#dropped = 0;
    }
    while (batch.length < bounds.logLines && characters < mostCharacters) {
      const next = this.#waiting.shift();
      if (!next) break;
      const text = next.text.slice(0, bounds.logLineLength);
      characters += text.length;
      batch.push({ stream: next.stream, text: text.toWellFormed() });
    }
    return batch;
  }
}
