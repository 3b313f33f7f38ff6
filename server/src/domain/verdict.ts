import type { Decision, LimitScope } from "@pullcord/sdk/protocol";
import type { LimitEvent } from "./limits/breaker.js";
import type { Reading } from "./reading.js";

/** What a limit orders in Pullcord's own name: a pause, or a stop. */
export interface LimitOrder {
  readonly guardrail: string;
  /** Whether this run alone, or all of the agent's. */
  readonly scope: "run" | "agent";
  readonly reason: string;
}

/** What a decision makes of a breaker; nothing is written while deciding. */
export interface BreakerMove {
  readonly guardrail: string;
  readonly scope: LimitScope;
  readonly event: LimitEvent;
}

/** What deciding comes to. */
export type Verdict = Decided | Held;

export interface Decided {
  readonly kind: "decided";
  readonly decision: Decision;
  /** Null when the action was denied before it was read, or could not be read. */
  readonly reading: Reading | null;
  /** Set where a limit stops the run: the action is denied, and the command stops it. */
  readonly stop: LimitOrder | null;
  readonly breakers: readonly BreakerMove[];
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
  readonly pause: LimitOrder | null;
  readonly breakers: readonly BreakerMove[];
  readonly reading: Reading | null;
}
