/** What the load generator is told, and what it answers; both as one line of JSON. */
export interface LoadJob {
  readonly url: string;
  readonly token: string;
  readonly callers: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export interface LoadResult {
  /** Answers of the whole run, warm-up included. */
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answerBytes: number;
}
