import type { Decision } from "@pullcord/sdk/protocol";
import type { Reading } from "./reading.js";

/** What deciding comes to. */
export type Verdict = Decided | Held;

export interface Decided {
  readonly kind: "decided";
  readonly decision: Decision;
  /** Null when the action was denied before it was read, or could not be read. */
  readonly reading: Reading | null;
  /** True where it would run without a person, and the policy wants a model's review that was not asked for yet. */
  readonly lacksReview: boolean;
}

/**
 * The run is paused, or has to be: nobody approves anything, the action waits until the run is resumed and is then
 * decided anew. The command keeps it as `held` and answers `wait`.
 */
export interface Held {
  readonly kind: "held";
  /** For the agent and its human. */
  readonly sentence: string;
  /** Set when a guardrail asks for the pause: the command pauses the run in Pullcord's own name, with this reason. */
  readonly pause: { readonly guardrail: "files_per_run" | "run_time" | "error_rate"; readonly reason: string } | null;
  readonly reading: Reading | null;
}
