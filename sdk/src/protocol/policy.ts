import type { Actor } from "./approval.js";
import type { ApprovalLevel, DecisionReason, Effect } from "./decision.js";
import type { PolicyProblem } from "./people.js";

/** What one test case of a policy came to. */
export interface CaseResult {
  readonly name: string;
  /** Where it stands in the file of cases. */
  readonly line: number | null;
  readonly ok: boolean;
  readonly expected: { readonly effect: Effect; readonly rule?: string; readonly level?: ApprovalLevel };
  readonly got: { readonly effect: Effect; readonly level: ApprovalLevel; readonly reasons: readonly DecisionReason[] };
}

/** One thing that differs between two policies. */
export interface PolicyChange {
  readonly kind: "added" | "removed" | "changed";
  /** `rules.no-force-push`, `thresholds.ask_at`. */
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Whether agents may do more or less by themselves for it; null where that depends on the action. */
  readonly direction: "looser" | "tighter" | null;
}

/** What a policy text is worth before it is in force. */
export interface PolicyCheck {
  readonly problem: PolicyProblem | null;
  /** Against the policy in force; empty while there is a problem. */
  readonly changes: readonly PolicyChange[];
  /** Its test cases, where there are any. */
  readonly cases: readonly CaseResult[];
  /** The text that the cases were read from; null where there is none. */
  readonly casesText: string | null;
}

/** What a policy comes to about one action, and the reason that decided it. */
export interface PolicyOutcome {
  readonly effect: Effect;
  readonly level: ApprovalLevel;
  readonly sentence: string;
  readonly rule?: string;
  /** Line of the policy that came to it, from 1. */
  readonly line?: number;
}

/** Recorded actions that two policies decide differently, alike ones together. */
export interface PolicyDifference {
  /** The action in one line; agents' text. */
  readonly description: string;
  readonly agent: string;
  /** 0 to 100. */
  readonly score: number;
  readonly before: PolicyOutcome;
  readonly after: PolicyOutcome;
  readonly count: number;
  /** The newest of them. */
  readonly actionIds: readonly string[];
  readonly lastAt: number;
}

/** Recorded history, decided again by another policy (issue 4). */
export interface Backtest {
  /** Actions that were decided again. */
  readonly replayed: number;
  /** Actions left out: people had ordered, broken glass, planted a canary, or nothing was kept of them. */
  readonly leftOut: number;
  /** The oldest and the newest replayed; null without any. */
  readonly from: number | null;
  readonly to: number | null;
  /** The oldest decision that is kept: what was before is forgotten, as the policy's `history` says; null without any. */
  readonly reachesBackTo: number | null;
  /** How many would be decided otherwise, by `allow>deny` and the like. */
  readonly changed: Readonly<Record<string, number>>;
  /** Every decision that would differ, those first that let more happen. */
  readonly differences: readonly PolicyDifference[];
  /** Kinds of differences beyond the most that are listed. */
  readonly unlisted: number;
}

/** A policy that runs beside the one in force and only logs. */
export interface PolicyShadow {
  readonly version: string;
  readonly text: string;
  readonly since: number;
  /** Actions that both decided. */
  readonly compared: number;
  readonly changed: Readonly<Record<string, number>>;
  readonly differences: readonly PolicyDifference[];
}

/** A rule that history proposes; a person ratifies it by putting `text` in force. */
export interface PolicySuggestion {
  readonly id: string;
  /** The rule as YAML. */
  readonly rule: string;
  readonly sentence: string;
  /** Questions that people answered with yes and that it would have saved. */
  readonly saved: number;
  /** All that it would have let through, the saved ones among it. */
  readonly letThrough: readonly PolicyDifference[];
  /** The policy in force with the rule in it. */
  readonly text: string;
  /** The version that `text` was made from. */
  readonly base: string;
}

/** A policy that was in force from `at` on. */
export interface PolicyVersion {
  readonly version: string;
  readonly at: number;
  readonly by: Actor;
  readonly reason?: string;
}

/** Puts a text in force, if the version it was made from still is. */
export interface ReplacePolicy {
  readonly text: string;
  /** The version in force that the text was made from. */
  readonly base: string;
  readonly reason?: string;
}

/** A key of a rule's `when`, and what it tests. */
export interface PolicyCondition {
  readonly key: string;
  readonly description: string;
}

/** The words of a policy file, from the schema that it is checked by. */
export interface PolicyHelp {
  /** What a rule can test: the keys of `when`. */
  readonly items: readonly PolicyCondition[];
  /** Every other key, dots leading inwards: `thresholds.ask_at`. */
  readonly settings: readonly PolicyCondition[];
}
