import type { BreakGlassUse, Canary, Grant, LimitBasis, Plan, ProposedAction, RunState, TrustTier } from "@pullcord/sdk/protocol";
import type { DialSet } from "./autonomy.js";
import type { Policy } from "./policy/policy.js";
import type { Reading, Surroundings } from "./reading.js";
import type { Review } from "./review.js";

/**
 * Everything a decision is made from. The command loads it in the same transaction that writes the answer, but for what
 * was examined before it (`reading`, `review`, `surroundings`), which looks at the machine and beyond it.
 */
export interface DecisionFacts {
  readonly proposed: ProposedAction;
  readonly agent: string;
  readonly run: {
    readonly id: string;
    readonly state: RunState;
    readonly workingDirectory: string | null;
    /** What the run was opened with; the action's own is in `proposed`. */
    readonly environment: string | null;
    readonly openedAt: number;
    /** When a person last resumed it, which starts its time limit anew (E39). Default: when it was opened. */
    readonly authorisedAt?: number;
  };
  /** The canary that this is, planted for this agent; null when it is none. */
  readonly canary: Canary | null;
  /** True when the kill file is there (E4). */
  readonly killFilePresent: boolean;
  /** Uses whose scope covers this run and that have not ended; the newest first. */
  readonly breakGlass: readonly BreakGlassUse[];
  /** What the action really does; null when it could not be read, which denies it. */
  readonly reading: Reading | null;
  /** What a model said about it; null when none was asked. */
  readonly review: Review | null;
  /** Where path patterns start from, resolved. Without it `~/` matches below any folder when denying, and nothing when allowing. */
  readonly surroundings?: Pick<Surroundings, "workspace" | "home">;
  /** Whether what an action changes can be kept before: not on another machine (remote mode). */
  readonly keepsSnapshots: boolean;
  readonly policy: Policy;
  /** What people set for this action (`setByPeople`); null where the policy's level holds. */
  readonly autonomySet: DialSet | null;
  /** The lowest that the agent has for all that the action is. */
  readonly trustTier: TrustTier;
  /** What people granted beyond once to this agent, and still holds. Default: nothing. */
  readonly grants?: readonly Grant[];
  /** What a person approved for this run as a plan, and still holds. Default: none. */
  readonly plan?: Plan | null;
  readonly counters: RunCounters;
  /** What the run and the agent have used, and their breakers. Default: nothing yet. */
  readonly limits?: LimitBasis;
}

/**
 * What a run has done since a person last resumed it, or since it was opened; guardrails are held against it.
 * Counting anew at a resume is what keeps a run that a guardrail paused from being paused again at once.
 */
export interface RunCounters {
  readonly actions: number;
  /** Distinct paths written or deleted by allowed actions. */
  readonly filesTouched: number;
  /** Whether a path is among them; without it, changing a file again counts again. */
  readonly isTouched?: (path: string) => boolean;
  /** How many of the action's own paths are, where that was counted when it was decided. */
  readonly touchedAgain?: number;
  /** Of the newest 20 ended actions, how many failed. */
  readonly recentFailures: number;
  readonly recentEnded: number;
  /** Allowed actions that called other hosts. */
  readonly calls: number;
  /** Questions of this run that wait for a person. */
  readonly openQuestions: number;
}
