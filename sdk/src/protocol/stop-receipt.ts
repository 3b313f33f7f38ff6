import type { Intervention } from "./intervention.js";
import type { Containment, ProcessResult } from "./process.js";

/** How a stop found a run: kept with the intervention, so that nothing that is told later can change it. */
export interface RunWork {
  readonly runId: string;
  /** Actions that had ended before the stop. */
  readonly finished: number;
  /** Actions that had begun and not ended, by id; the newest 50. */
  readonly underWay: readonly string[];
  /** Actions that waited and now never begin, by id; the oldest 50. */
  readonly neverBegun: readonly string[];
  /** Approvals that had been given and not used. */
  readonly permitsRevoked: number;
  /** Requests that waited for a person. */
  readonly requestsCancelled: number;
}

/**
 * Where a stop stands. `stopped` is said only of what was seen to end; what can't be proven is `unproven`, and says what
 * is not known.
 */
export const receiptStandings = ["stopping", "stopped", "unproven"] as const;
export type ReceiptStanding = (typeof receiptStandings)[number];

export const receiptSteps = ["requested", "acknowledged", "permits_revoked", "requests_cancelled", "heard", "processes_ended"] as const;

/** A line of the receipt with its time; a step that has not happened is not there. */
export interface ReceiptStep {
  readonly step: (typeof receiptSteps)[number];
  readonly at: number;
  /** Permits, requests, gates that heard it, or processes. */
  readonly count?: number;
}

export const actionFates = ["finished", "cut_short", "unreported", "never_begun"] as const;

/** What became of an action that the stop met. */
export interface ReceiptAction {
  readonly actionId: string;
  /** One line; agent's text: show it escaped. */
  readonly sentence: string;
  /**
   * - `finished`: it had begun, and its end was reported after the stop
   * - `cut_short`: it had begun, and was ended by the stop
   * - `unreported`: it had begun, and nobody has said how it ended
   * - `never_begun`: it waited, and will not run
   */
  readonly fate: (typeof actionFates)[number];
}

/** What is known about the processes of a run. */
export interface ReceiptProcesses {
  /**
   * - `awaited`: somebody ends them and has not reported yet
   * - `ended`: none is left
   * - `unproven`: some may be left, or nobody reported in time
   * - `unwatched`: Pullcord knows no process of this run; its gate alone can tell
   */
  readonly status: "awaited" | "ended" | "unproven" | "unwatched";
  readonly ended: number;
  /** Known to live, by name. */
  readonly survivors: readonly string[];
  /** May belong to the run and can't be told from strangers. */
  readonly unknown: number;
  /** What held the processes while they were ended. */
  readonly containment?: Containment;
  /** One by one: survivors and unknown first. */
  readonly each?: readonly ProcessResult[];
  readonly detail?: string;
  readonly at?: number;
  /** Whose word it is, where that is an agent's own supervisor. */
  readonly saidBy?: string;
}

export interface RunReceipt {
  readonly runId: string;
  readonly agent: string;
  readonly task: string;
  readonly acknowledgedAt: number;
  /** When the run's own gate said that it had heard the stop. */
  readonly heardAt?: number;
  readonly processes: ReceiptProcesses;
  /** Actions that had ended before the stop. */
  readonly finished: number;
  readonly permitsRevoked: number;
  readonly requestsCancelled: number;
  /** What the stop met, newest first. */
  readonly actions: readonly ReceiptAction[];
  /** How a person goes on from here (E7). */
  readonly resume: string;
}

/** What came of a stop, worked out from what is on record at this moment (E6, E7). */
export interface StopReceipt {
  readonly intervention: Intervention;
  readonly standing: ReceiptStanding;
  /** One line for people. */
  readonly sentence: string;
  readonly steps: readonly ReceiptStep[];
  readonly runs: readonly RunReceipt[];
}

/** Milliseconds, over the stops that got that far; null when none did. */
export interface StopPercentiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

/** The stops of one UTC day. */
export interface StopDay {
  /** `2026-11-21`. */
  readonly day: string;
  readonly stops: number;
  readonly unproven: number;
  readonly endedP99: number | null;
}

/** How fast stops were in the last days (E5: within 5 s). */
export interface StopTimes {
  readonly from: number;
  readonly to: number;
  /** Stops that met at least one run. */
  readonly stops: number;
  readonly unproven: number;
  /** From the request until nothing was allowed any more. */
  readonly acknowledgedMs: StopPercentiles;
  /** From the request until the last process was seen to be gone. */
  readonly endedMs: StopPercentiles;
  readonly days: readonly StopDay[];
}
