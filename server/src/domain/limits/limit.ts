import { limitScopes, measures, type LimitResponse, type LimitScope, type LimitUnit, type Measure } from "@pullcord/sdk/protocol";

/** What a limit is held against: what is used up, or a thing that is looked at. */
export type Measured =
  | Measure
  | `tool:${string}`
  /** How long the run has been authorised, in milliseconds (E39). */
  | "time"
  /** How deep sub-agents start sub-agents. */
  | "depth"
  /** The share of the run's newest actions that failed (E40). */
  | "error_rate"
  /** How often the very same action is among the run's newest. */
  | "same_action"
  /** Kinds of actions, and hosts, that the agent has never had to do with. */
  | "new_kind"
  | "new_host"
  /** How many times as busy the agent is as in its busiest ten minutes. */
  | "pace";

/** One limit of the policy: what it measures, for whom, and from which amounts it does what. */
export interface Limit {
  /** Its key in the policy file's `guardrails`, which also names its breaker: `tokens_per_run`. */
  readonly guardrail: string;
  readonly measured: Measured;
  readonly scope: LimitScope;
  readonly at: Readonly<Partial<Record<LimitResponse, number>>>;
}

/** Actions of a run that are looked through for the same one. */
export const newestActions = 50;

/** `tokens_per_agent_day`. */
export type CountedGuardrail = `${Measure}_per_${LimitScope}`;

export interface CountedLimit {
  readonly guardrail: CountedGuardrail;
  readonly measured: Measure;
  readonly scope: LimitScope;
}

/** Every measure in every scope: what the policy file can limit by an amount. */
export const countedLimits: readonly CountedLimit[] = measures.flatMap((measured) =>
  limitScopes.map((scope) => ({ guardrail: `${measured}_per_${scope}` as const, measured, scope })),
);

/** What heals with time: its breaker cools down and tries again. Every other one is a budget, or looks at one action alone. */
const rates: readonly Measured[] = ["error_rate", "same_action", "pace"];
const spots: readonly Measured[] = ["depth", "new_kind", "new_host"];

/**
 * - `budget`: used up until a person, or a new day, gives more
 * - `rate`: heals with time, by half-open
 * - `spot`: looks at one action by itself
 */
export function natureOf({ measured }: Pick<Limit, "measured">): "budget" | "rate" | "spot" {
  if (rates.includes(measured)) return "rate";
  return spots.includes(measured) ? "spot" : "budget";
}

/** Whether reaching the amount is enough; else it has to be exceeded. */
export function countsFromEqual({ measured }: Pick<Limit, "measured">): boolean {
  return measured === "time" || measured === "questions" || natureOf({ measured }) === "rate";
}

/** What the amounts of a limit are. */
export function unitOf({ measured }: Pick<Limit, "measured">): LimitUnit {
  switch (measured) {
    case "time":
      return "milliseconds";
    case "error_rate":
      return "share";
    case "pace":
      return "times";
    default:
      return "count";
  }
}
