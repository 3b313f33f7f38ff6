/** How far a run is (E33: n of N, with the item's name). */
export interface Progress {
  /** 0 to `of`. */
  readonly n: number;
  readonly of: number;
  readonly item: string;
}

export const logStreams = ["stdout", "stderr", "note"] as const;
export type LogStream = (typeof logStreams)[number];

/** A piece of a run's output. */
export interface LogLine {
  /** Counts up within the run, from 1. */
  readonly seq: number;
  readonly at: number;
  readonly stream: LogStream;
  readonly text: string;
}
