import type { ApprovalLevel, Effect } from "@pullcord/sdk/protocol";
import type { Conditions } from "./document.js";
import type { Test } from "./subject.js";

/** A rule, compiled. */
export interface Rule {
  readonly id: string;
  /** Line of the policy file, from 1; null for a rule that came from none. */
  readonly line: number | null;
  readonly effect: Effect;
  readonly level: ApprovalLevel | null;
  readonly reason: string | null;
  /** What it tests, as written. */
  readonly when: Conditions;
  /** An `allow` rule that names this text letter for letter covers it even where it could not be understood. */
  readonly exactCommands: readonly string[];
  readonly testsPath: boolean;
  readonly testsCommands: boolean;
  /** One for each condition; all have to hold. Compiled when first asked for: of thousands of rules most never are. */
  readonly tests: () => readonly Condition[];
}

/** A condition, compiled; named by its key in the file. */
export interface Condition {
  readonly name: string;
  readonly test: Test;
}
