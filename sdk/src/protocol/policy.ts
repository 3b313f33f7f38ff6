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
}
