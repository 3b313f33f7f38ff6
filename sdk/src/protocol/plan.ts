import type { ProposedAction } from "./action.js";
import type { Actor, ApprovalStatus, Resolution } from "./approval.js";
import type { ApprovalLevel } from "./decision.js";
import type { DryRunAction, DryRunPlan } from "./dry-run.js";
import type { JsonObject } from "./json.js";
import type { AffectedNames } from "./risk.js";
import type { RowsPreview } from "./rows-preview.js";

/** What an agent hands in: actions in the order in which it means to do them. Every field is attacker-controlled. */
export interface HandInPlan {
  /** 1 to `limits.planSteps`. What a step is for goes into its `claim.reason`. */
  readonly steps: readonly ProposedAction[];
  /** The agent's own words about the whole; shown apart, labelled. */
  readonly summary?: string;
  /** How long a person may take, in milliseconds; the policy's expiry holds where it is shorter. */
  readonly expiresInMs?: number;
}

/** What was found out about a step when it was judged last: what a person is shown and approves. */
export type JudgedStep = Pick<DryRunAction, "assessment" | "effect" | "reasons" | "approvalLevel">;

/**
 * Where a step stands. The plan lets each run once: whatever came of it, the same again is decided as any action.
 *
 *     open ──its action may run──> running ──> succeeded | failed ──tried again, not by the plan──> running
 *     open ──a person let a later step run first──> skipped
 */
export type PlanStepState =
  | { readonly status: "open" }
  | { readonly status: "running" | "succeeded" | "failed"; readonly actionId: string }
  | { readonly status: "skipped" };

export interface PlanStep {
  /** As the agent numbered it, from 1; stays with the step when others are removed or it is moved. */
  readonly number: number;
  readonly proposed: ProposedAction;
  /** Present when a person put other arguments in place of the proposed ones: these may run, the proposed ones may not. */
  readonly approvedArguments?: JsonObject;
  readonly judged: JudgedStep;
  readonly state: PlanStepState;
  /** What it would do to rows, for people alone; absent where it changes none that can be previewed. In lists, counted only. */
  readonly rows?: RowsPreview;
  /**
   * Steps ahead of it that change the same database, by their numbers: each step is tried by itself, on the database as it
   * is before any of them, so what these leave is not in its rows.
   */
  readonly rowsWithout?: readonly number[];
}

/** The plan as a whole: the worst of everything in it (V9.2.10). */
export interface PlanWhole extends DryRunPlan {
  /** Files that its steps write or delete. */
  readonly files: AffectedNames;
  /** What an undo would do, in a sentence. */
  readonly undo: string;
}

/** Why an approved plan grants nothing any more. */
export const planEnds = ["finished", "revoked", "replaced", "expired", "stopped", "run_finished"] as const;
export type PlanEnd = (typeof planEnds)[number];

/**
 * Actions that an agent handed in together, for a person to edit, approve or deny as a whole (E10, E14).
 * Not to be confused with what an undo would do, which is its preview.
 *
 *     pending ─┬─> approved ──> ended (`planEnds`)
 *              └─> denied | expired | cancelled
 */
export interface Plan {
  /** `n` and nine letters or digits. */
  readonly id: string;
  readonly runId: string;
  readonly agent: string;
  readonly summary?: string;
  /** SHA-256 over everything that is approved: the steps as they stand, in their order, as they were judged; hex. */
  readonly digest: string;
  /** What stands, in the order in which it may run. */
  readonly steps: readonly PlanStep[];
  /** What a person took out; it is never granted. */
  readonly removed: readonly PlanStep[];
  readonly whole: PlanWhole;
  /** The proof that approving it needs: the most that any step does. */
  readonly level: ApprovalLevel;
  readonly status: ApprovalStatus;
  readonly resolution: Resolution | null;
  readonly createdAt: number;
  /** Unanswered then: denied. */
  readonly expiresAt: number;
  /** Approved, it grants until then; null before. */
  readonly holdsUntil: number | null;
  readonly ended: { readonly why: PlanEnd; readonly at: number; readonly by: Actor } | null;
  /** From this place on (0 is the first) no step runs before the one ahead of it has succeeded. */
  readonly position: number;
  /** Actions that a person was asked about since, because they were not the next step. */
  readonly deviations: number;
}

/** How a person wants the steps to stand. What is not named is removed; naming it later brings it back. */
export interface ArrangePlan {
  /** The digest the person saw. */
  readonly digest: string;
  /** By their numbers, in the order in which they may run; `arguments` in place of the proposed ones. */
  readonly steps: readonly { readonly number: number; readonly arguments?: JsonObject }[];
}

/** A person's answer to a plan. */
export interface ResolvePlan {
  readonly effect: "approve" | "deny";
  /** The digest the person saw: another one is refused. */
  readonly digest: string;
  /** Reaches the agent. */
  readonly reason?: string;
  readonly presenceProof?: string;
  /** How long it grants, in milliseconds; at most `limits.grantMs`. Default: a day. */
  readonly forMs?: number;
}

/** The answer to handing in a plan or waiting for one. */
export interface PlanAnswer {
  readonly plan: Plan;
  /** `wait`: nobody has decided yet. `follow`: do the steps that stand. `deny`: do none of it. */
  readonly next: "wait" | "follow" | "deny";
  /** For the agent: what to do now, in words; to `follow`, the steps that stand and what was changed. */
  readonly guidance: string;
  /** True when the run was stopped. */
  readonly stop: boolean;
}
