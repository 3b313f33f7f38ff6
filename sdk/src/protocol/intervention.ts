import type { Actor } from "./approval.js";

export const interventionKinds = ["stop", "pause", "resume", "instruct"] as const;
export type InterventionKind = (typeof interventionKinds)[number];

/** What an act of a person applies to. */
export type Scope =
  | { readonly kind: "run"; readonly id: string }
  | { readonly kind: "agent"; readonly id: string }
  | { readonly kind: "everything" };

export interface Intervene {
  readonly kind: InterventionKind;
  readonly scope: Scope;
  readonly reason?: string;
  /** The instruction; only and always with `instruct`. */
  readonly text?: string;
}

/** What happened to one run because of an intervention. Times tell how fast. */
export interface InterventionEffect {
  readonly runId: string;
  /**
   * - `acknowledged`: nothing of this run is allowed, paused or resumed from then on
   * - `delivered`: the instruction reached the agent
   * - `ended`: no process of the run is left
   * - `unproven`: processes may be left, `detail` names them
   */
  readonly step: "acknowledged" | "delivered" | "ended" | "unproven";
  readonly at: number;
  /** Whose word it is: `system` saw it itself, an agent says so. */
  readonly by: Actor;
  readonly detail?: string;
  readonly processesEnded?: number;
  readonly survivors?: readonly string[];
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
  readonly at: number;
  /** Runs it applied to. */
  readonly runIds: readonly string[];
  readonly effects: readonly InterventionEffect[];
  /** Requests that it ended (P26). */
  readonly cancelledRequests: number;
}
