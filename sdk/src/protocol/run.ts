import type { AutonomyLevel, AutonomySource, TrustTier } from "./decision.js";
import type { JsonObject } from "./json.js";
import type { Containment, ContainmentPlace, ProcessIdentity } from "./process.js";
import type { Silence } from "./intervention.js";
import type { Progress } from "./progress.js";

/**
 * One execution of an agent (P27).
 *
 *     running <─> paused ─┐
 *        └──────┬─────────┴─> stopped
 *               └──────────-> finished ──> running, when the client resumes its session
 *
 * Stopped is terminal for deciding: nothing of a stopped run is allowed (I6).
 * "Awaiting input" is a running run with requests waiting: see `RunSummary.waiting`.
 */
export type RunState =
  | { readonly status: "running" }
  | { readonly status: "paused"; readonly interventionId: string; readonly at: number }
  | { readonly status: "stopped"; readonly interventionId: string; readonly at: number }
  | {
      readonly status: "finished";
      readonly at: number;
      readonly result: RunResult;
      /** The pause it was in: opened again, it is paused still. */
      readonly pausedBy?: { readonly interventionId: string; readonly at: number };
    };
export type RunStatus = RunState["status"];
export const runStatuses = ["running", "paused", "stopped", "finished"] as const;

/** `lost`: whoever watched over the run died, and what was left of it was ended. */
export const runResults = ["succeeded", "failed", "cancelled", "lost"] as const;
export type RunResult = (typeof runResults)[number];

/** What a client says when it opens a run. */
export interface OpenRun {
  /** What the run is for, in the operator's words. */
  readonly task: string;
  /** The client's own id of the session; opening it twice gives the same run. */
  readonly externalId?: string;
  readonly workingDirectory?: string;
  readonly environment?: string;
  readonly containment?: Containment;
  readonly labels?: JsonObject;
  readonly process?: RunProcess;
}

/** Where the operating system's processes of a run are found, so that a stop can end them. */
export interface RunProcess {
  /** The client's own process. */
  readonly pid?: number;
  /** When that process started, in the system's own count; a pid is given to another process later. */
  readonly startedAt?: string;
  /** An environment variable that every process of the run carries. */
  readonly marker?: { readonly name: string; readonly value: string };
  /** True when somebody else ends the processes (`pullcord run`): the server then only waits for the report. */
  readonly supervised?: true;
  /** That somebody: when it dies, the server ends the processes and closes the run as lost. */
  readonly supervisor?: ProcessIdentity;
  /** What holds the processes together. */
  readonly place?: ContainmentPlace;
}

export interface Run {
  /** `r` and nine letters or digits. */
  readonly id: string;
  readonly agent: string;
  readonly task: string;
  readonly externalId?: string;
  readonly workingDirectory?: string;
  readonly environment?: string;
  /** How well its processes can be ended. */
  readonly containment: Containment;
  readonly labels: JsonObject;
  readonly state: RunState;
  /** The level that holds for this run, and where it comes from. */
  readonly autonomy: { readonly level: AutonomyLevel; readonly from: AutonomySource };
  readonly trustTier: TrustTier;
  readonly openedAt: number;
  /** What the run's own gate does when it has heard nothing from the server for so long; without it, it goes on with what it does. */
  readonly serverSilent?: Silence;
}

/** A run as the board shows it. */
export interface RunSummary extends Run {
  /** What it does right now: its newest action that has not ended, else the newest one. */
  readonly now: { readonly actionId: string; readonly sentence: string; readonly status: string; readonly since: number } | null;
  readonly progress: Progress | null;
  /** Approval requests and plans that wait for a person. */
  readonly waiting: number;
  /** Questions asked so far. */
  readonly questions: number;
  readonly actions: number;
  readonly denied: number;
  /** Scores of the newest actions, oldest first, at most 24. */
  readonly riskTrail: readonly number[];
  readonly lastActivityAt: number;
}
