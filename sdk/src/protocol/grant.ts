import type { Actor } from "./approval.js";
import type { ApprovalLevel } from "./decision.js";
import type { JsonObject } from "./json.js";

/** What a grant covers: the very action it was given for, or a pattern in the words of a rule's `when`. */
export type GrantCover =
  | { readonly kind: "action" }
  /** One of the patterns that `grantOptions` showed for the request, letter for letter. */
  | { readonly kind: "pattern"; readonly when: JsonObject };

/** Between "once" and "always": what a person grants along with an approval. */
export interface GrantTerms {
  readonly covers: GrantCover;
  /** How long it holds, in milliseconds; at most `limits.grantMs`. */
  readonly forMs: number;
  /** How often it may be used beyond the action that was approved. Default: as often as it holds. */
  readonly uses?: number;
  /** Only in the run that asked. Default: every run of the agent. */
  readonly runOnly?: boolean;
}

/** What a request could be answered with beyond "once", as narrow first. */
export interface GrantOption {
  readonly covers: GrantCover;
  /** What it would let through, in a sentence. May hold agents' text. */
  readonly sentence: string;
}

/** What a person granted: actions it covers run without a question, as long as it holds. */
export interface Grant {
  /** `g` and nine letters or digits. */
  readonly id: string;
  readonly agent: string;
  /** The run it is bound to; null for every run of the agent. */
  readonly runId: string | null;
  readonly covers: GrantCover;
  /** Digest of the action it was given for, in any run; what a grant of kind `action` covers, hex. */
  readonly digest: string;
  /** The sentence that the person saw. */
  readonly sentence: string;
  /** Risk of the action that was shown, 0 to 100: nothing of a higher level of risk is covered. */
  readonly score: number;
  /** Whether what was shown could not be taken back; else nothing of that kind is covered. */
  readonly isIrreversible: boolean;
  /** The level that was approved: nothing that needs more proof is covered. */
  readonly level: ApprovalLevel;
  readonly usesLeft: number | null;
  readonly used: number;
  readonly by: Actor;
  readonly at: number;
  readonly expiresAt: number;
  /** When a person ended it, or it was used up. */
  readonly endedAt: number | null;
}
