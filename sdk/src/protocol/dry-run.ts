import type { ProposedAction } from "./action.js";
import type { ApprovalLevel, DecisionReason, Effect, Obligation } from "./decision.js";
import type { Reversibility, RiskAssessment, RiskLevel } from "./risk.js";
import type { RowsPreview } from "./rows-preview.js";

/** Asks what would be decided, and what would happen, if these actions were proposed. Nothing of it is recorded. */
export interface DryRun {
  /** The run that they would belong to: its counters, its dial and its state hold. Agents name one of their own. */
  readonly run?: string;
  /** Without a run: the agent of a new one. */
  readonly agent?: string;
  /** Without a run: the folder of a new one. */
  readonly workingDirectory?: string;
  /** Without a run: the environment of a new one. */
  readonly environment?: string;
  /** In the order in which they would run; 1 to `limits.dryRunActions`. More than one is a plan. */
  readonly actions: readonly ProposedAction[];
  /** Also tries which rows they would change, and takes that back, for 15 s in all. For people alone. */
  readonly rows?: boolean;
}

/** What would become of one action. It is no permit: the action is decided again when it is proposed. */
export interface DryRunAction {
  readonly proposed: ProposedAction;
  /** With the preview and the safer alternatives; null when it could not be read. */
  readonly assessment: RiskAssessment | null;
  readonly effect: Effect;
  /** The deciding one first. Never empty. */
  readonly reasons: readonly DecisionReason[];
  readonly approvalLevel: ApprovalLevel;
  readonly obligations: readonly Obligation[];
  /** Where that was asked for, and it changes rows that can be previewed: each as the database stands now. */
  readonly rows?: RowsPreview;
}

/** The plan as a whole is as grave as the gravest action in it (V9.2.10). */
export interface DryRunPlan {
  readonly effect: Effect;
  readonly reversibility: Reversibility;
  /** 0 to 100. */
  readonly score: number;
  readonly level: RiskLevel;
}

export interface DryRunAnswer {
  readonly actions: readonly DryRunAction[];
  readonly plan: DryRunPlan;
}
