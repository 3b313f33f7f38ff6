import type { Containment } from "./process.js";

/** One workload started and stopped. */
export interface DrillRound {
  readonly shape: string;
  readonly containment: Containment;
  /** Processes that were seen alive before the stop. */
  readonly alive: number;
  readonly ended: number;
  /** Processes seen alive after the stop. */
  readonly left: number;
  /** Of those, the ones that the stop named neither as survivors nor as unknown: always a fault. */
  readonly unnamed: number;
  /** Processes that the stop could not tell from strangers. */
  readonly unknown: number;
  readonly tookMs: number;
}

/** How the stops of one kind of containment went. */
export interface DrillSummary {
  readonly containment: Containment;
  readonly rounds: number;
  readonly left: number;
  readonly unnamed: number;
  readonly unknown: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a drill of the stop showed: that it works here, how fast, and what it can't see. */
export interface DrillReport {
  readonly startedAt: number;
  readonly tookMs: number;
  /** The system and the user it ran as. */
  readonly machine: string;
  /** True when nothing was left of contained workloads, and nothing unnamed of all others. */
  readonly isPassed: boolean;
  readonly summaries: readonly DrillSummary[];
  /** Containment that does not work here, and why not. */
  readonly missing: readonly { readonly containment: Containment; readonly reason: string }[];
}
