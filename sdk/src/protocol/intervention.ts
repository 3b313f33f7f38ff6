import type { Actor } from "./approval.js";
import type { Containment, ProcessResult } from "./process.js";
import type { RunWork } from "./stop-receipt.js";

export const interventionKinds = ["stop", "pause", "resume", "instruct"] as const;
export type InterventionKind = (typeof interventionKinds)[number];

/** What an act of a person applies to. */
export type Scope =
  | { readonly kind: "run"; readonly id: string }
  | { readonly kind: "agent"; readonly id: string }
  | { readonly kind: "everything" };

/** What happens by itself after a silence: the dead man's timer. */
export interface Silence {
  /** In milliseconds. */
  readonly afterMs: number;
  readonly act: "stop" | "pause";
}

export interface Intervene {
  readonly kind: InterventionKind;
  readonly scope: Scope;
  readonly reason?: string;
  /** The instruction; only and always with `instruct`. */
  readonly text?: string;
  /** Only with `pause`: also freeze the processes of runs that would otherwise wait at their next safe point. */
  readonly freeze?: true;
}

/** What happened to one run because of an intervention. Times tell how fast. */
export interface InterventionEffect {
  readonly runId: string;
  /**
   * - `acknowledged`: nothing of this run is allowed, paused or resumed from then on
   * - `heard`: the run's own gate has heard the stop, and what it was doing was told to end
   * - `delivered`: the instruction reached the agent
   * - `frozen`: the run's processes stand still until it is resumed
   * - `ended`: no process of the run is left
   * - `unproven`: processes may be left; `survivors`, `unknown` and `detail` say what is known
   */
  readonly step: "acknowledged" | "heard" | "delivered" | "frozen" | "ended" | "unproven";
  readonly at: number;
  /** Whose word it is: `system` saw it itself, an agent says so. */
  readonly by: Actor;
  readonly detail?: string;
  /** The action that an instruction was delivered to. */
  readonly actionId?: string;
  readonly processesEnded?: number;
  /** What is known to live, each as `pid command`; attacker-controlled. */
  readonly survivors?: readonly string[];
  /** Processes that may belong to the run and can't be told from strangers. Never counted as ended. */
  readonly unknown?: number;
  /** From the moment the machine began until it was proven or given up, in milliseconds. */
  readonly tookMs?: number;
  /** What held the processes while they were ended. */
  readonly containment?: Containment;
  /** One by one, at most `limits.processResults`: survivors and unknown first. */
  readonly processes?: readonly ProcessResult[];
}

/** A person's act on runs, on record (P32: who, why, when). */
export interface Intervention {
  /** `i` and nine letters or digits. */
  readonly id: string;
  readonly kind: InterventionKind;
  readonly scope: Scope;
  readonly by: Actor;
  readonly reason?: string;
  readonly text?: string;
  readonly freeze?: true;
  /** When it reached the server; `at` is when it held. */
  readonly requestedAt?: number;
  readonly at: number;
  /** Runs it applied to. */
  readonly runIds: readonly string[];
  readonly effects: readonly InterventionEffect[];
  /** Requests that it ended (P26). */
  readonly cancelledRequests: number;
  /** How a stop found each run. */
  readonly work?: readonly RunWork[];
  /** True for a stop that holds and that the database could not keep: it is on record as soon as the disk allows. */
  readonly unrecorded?: true;
}
