import type { MakeReview, ReviewOutcome, RunReview } from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import { path, type Transport } from "./transport.js";

/** A large repository takes its time to be compared, in milliseconds. */
const reviewWaitMs = 120_000;

/** The end of a run: keep, discard or leave what it changed. Every method may throw `PullcordError`. */
export class RunReviewClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** What the run came to and changed, and what keeping it would make; nothing is changed. */
  read(run: string, options: CallOptions = {}): Promise<RunReview> {
    return this.#transport.json("GET", path`/v1/runs/${run}/review`, { extraMs: reviewWaitMs, signal: options.signal });
  }

  /** @throws PullcordError `conflict`: `run_running`, `no_repository`, `nothing_to_keep`, `branch_exists`, `preview_outdated` */
  make(run: string, review: MakeReview, options: CallOptions = {}): Promise<ReviewOutcome> {
    return this.#transport.json("POST", path`/v1/runs/${run}/review`, { body: review, extraMs: reviewWaitMs, ...options });
  }
}
