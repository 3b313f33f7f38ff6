import type { ActionType } from "./action.js";
import type { LimitBasis } from "./limit.js";

/** What a rule or a decision says. */
export const effects = ["allow", "require_approval", "deny"] as const;
export type Effect = (typeof effects)[number];

/** How much proof an approval needs (P1 to P6), from least to most. */
export const approvalLevels = ["none", "notify", "review", "required", "required_2fa", "admin_only"] as const;
export type ApprovalLevel = (typeof approvalLevels)[number];

/** The ceiling that a person sets (E15 to E18), from least to most freedom. */
export const autonomyLevels = ["ask_first", "ask_destructive", "notify", "full"] as const;
export type AutonomyLevel = (typeof autonomyLevels)[number];

/** Who the level comes from that holds for a run: the narrowest that a person set it for, or the policy. */
export const autonomySources = ["run", "agent", "task", "environment", "everything", "policy"] as const;
export type AutonomySource = (typeof autonomySources)[number];

/** What an agent has earned (P33), from least to most. */
export const trustTiers = ["restricted", "supervised", "standard", "trusted", "autonomous"] as const;
export type TrustTier = (typeof trustTiers)[number];

/** The steps of a decision, in their order (requirements, "Settled"). */
export const decisionSteps = ["break_glass", "interventions", "guardrails", "risk", "policy", "autonomy_and_trust", "obligations"] as const;
export type DecisionStep = (typeof decisionSteps)[number];

export interface DecisionReason {
  readonly step: DecisionStep;
  readonly sentence: string;
  /** The policy rule, guardrail or risk factor that spoke. */
  readonly rule?: string;
  /** Line of the policy file, from 1, where the rule or the limit stands; absent for what the file does not say. */
  readonly line?: number;
}

/** What has to be done along with an allowed action. */
export type Obligation = { readonly kind: "notify" } | { readonly kind: "snapshot" };

/** The server's answer to a proposed action. */
export interface Decision {
  readonly effect: Effect;
  /** What made the effect, the deciding one first. Never empty. */
  readonly reasons: readonly DecisionReason[];
  readonly obligations: readonly Obligation[];
  /** The level an approval needs; `none` unless the effect is `require_approval`. */
  readonly approvalLevel: ApprovalLevel;
  /** Set when break glass made the decision (B5). */
  readonly breakGlassId?: string;
  /** Set when a grant answered what would have been asked. */
  readonly grantId?: string;
  /** The step of the approved plan that this is; `isAnswer` where the plan answered what would have been asked. */
  readonly planStep?: { readonly plan: string; readonly number: number; readonly isAnswer: boolean };
  /** The approved plan that this deviates from, where a person is asked. */
  readonly deviatesFrom?: string;
  /** Hash of the policy that was in force, hex. */
  readonly policyVersion: string;
  readonly autonomy: AutonomyLevel;
  /** The lowest that the agent has for all that the action is. */
  readonly trustTier: TrustTier;
  /** What else it was made from, so that it can be worked out again. Absent before the action was judged at all. */
  readonly basis?: DecisionBasis;
  /** What the action really is, by its reading: trust is earned and lost for each. */
  readonly types: readonly ActionType[];
  readonly at: number;
}

/** What a decision was made from, beside the action, the policy and the agent's trust. */
export interface DecisionBasis {
  /** The autonomy level as it was set, before trust lowered it, and by what. */
  readonly autonomySet: AutonomyLevel;
  readonly autonomyFrom: AutonomySource;
  /** The use of break glass that covered the run, also where the action was denied in spite of it. */
  readonly breakGlassId?: string;
  readonly counters: {
    /** Distinct files that the run had changed before. */
    readonly filesTouched: number;
    /** Of the files that this action changes, how many of those are among them. */
    readonly touchedAgain: number;
    readonly recentFailures: number;
    readonly recentEnded: number;
    /** Actions that had called other hosts. */
    readonly calls: number;
    readonly openQuestions: number;
  };
  /** How long the run had been authorised, in milliseconds. Absent from decisions of earlier versions. */
  readonly authorisedMs?: number;
  /** What the limits were held against. Absent where there was no run. */
  readonly limits?: LimitBasis;
}
