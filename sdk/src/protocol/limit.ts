import type { Actor } from "./approval.js";

/** What a limit does when it is reached, from least to most. */
export const limitResponses = ["warn", "ask", "pause", "stop"] as const;
export type LimitResponse = (typeof limitResponses)[number];

/** What runs and agents use up, and limits are held against (V9.1.2). */
export const measures = ["files", "resources", "calls", "actions", "questions", "tokens", "money", "sub_agents"] as const;
export type Measure = (typeof measures)[number];

/** Amounts by measure, or by `tool:NAME` for the tools that have a quota; what is left out is 0. */
export type Counted = Readonly<Partial<Record<Measure | `tool:${string}`, number>>>;

/** How far a limit reaches: a run since a person last let it go on, an agent since a person last reset it, an agent's day. */
export const limitScopes = ["run", "agent", "agent_day"] as const;
export type LimitScope = (typeof limitScopes)[number];

/** Whose limit: a run's, or an agent's in all its runs. */
export interface LimitOwner {
  readonly kind: "run" | "agent";
  readonly id: string;
}

/** What an open breaker does about every action that its guardrail is about. */
export type TripResponse = Exclude<LimitResponse, "warn">;

/**
 * A circuit breaker's state (see `server/src/domain/limits/breaker.ts` for the diagram). Open without `probes` is a
 * budget that is used up: it closes at `until` (a new day), or by a person.
 */
export type BreakerState =
  | { readonly status: "closed"; readonly warned?: { readonly at: number; readonly until: number | null } }
  | {
      readonly status: "open";
      readonly response: TripResponse;
      readonly reason: string;
      readonly at: number;
      readonly until: number | null;
      /** How many probes have to go well before it closes; 0 for budgets, which no time heals but a new day. */
      readonly probes: number;
    }
  | {
      readonly status: "half_open";
      readonly response: TripResponse;
      readonly reason: string;
      readonly at: number;
      readonly probes: number;
      readonly probesLeft: number;
      /** The one action that is under way. */
      readonly probe: { readonly actionId: string; readonly until: number } | null;
    }
  | {
      readonly status: "held";
      readonly as: "open" | "closed";
      readonly by: Actor;
      readonly at: number;
      /** When it lets go by itself; null for when a person releases it. */
      readonly until: number | null;
      readonly reason?: string;
    };
export type BreakerStatus = BreakerState["status"];
export const breakerStatuses = ["closed", "open", "half_open", "held"] as const satisfies readonly BreakerStatus[];

export interface Breaker {
  /** The guardrail's key in the policy file: `tokens_per_run`. */
  readonly guardrail: string;
  readonly owner: LimitOwner;
  readonly state: BreakerState;
}

/** What amounts are: a count, milliseconds, a share from 0 to 1, times as much as usual. */
export const limitUnits = ["count", "milliseconds", "share", "times"] as const;
export type LimitUnit = (typeof limitUnits)[number];

/** One limit as it stands: what it allows, what is used of it, its breaker. */
export interface LimitStanding extends Breaker {
  readonly unit: LimitUnit;
  readonly used: number;
  readonly at: Readonly<Partial<Record<LimitResponse, number>>>;
  /** When it counts anew by itself: the end of the day. */
  readonly resetsAt: number | null;
  /** Its line in the policy file, from 1. */
  readonly line?: number;
}

/** What a person does about a breaker: count anew, hold it for a time or until it is released, release it. */
export const breakerActs = ["reset", "hold_open", "hold_closed", "release"] as const;
export type BreakerAct = (typeof breakerActs)[number];

/** A person's act on a breaker. What it had paused goes on after a reset, or while it is held closed. */
export interface ActOnBreaker {
  readonly guardrail: string;
  readonly owner: LimitOwner;
  readonly act: BreakerAct;
  /** How long it is held, in milliseconds; at most `limits.breakerHoldMs`. Default: until it is released. */
  readonly forMs?: number;
  readonly reason?: string;
}

/** What a gate says was used. It is added to what is known; nothing that an agent says ever lowers it. */
export interface Usage {
  /** Of the model, in and out. */
  readonly tokens?: number;
  /** What that cost, in the money that the policy's limits are in. */
  readonly cost?: number;
}

/** What a decision was made from of the limits, so that it can be worked out again. */
export interface LimitBasis {
  readonly used: Readonly<Record<LimitScope, Counted>>;
  /** How often this very action was among the run's newest, this one included. */
  readonly sameAction: number;
  /** How deep below the run's own agent the proposer was: 0 for that agent itself. */
  readonly depth: number;
  /** Resources of this action that the run had not used before; a null stands for one that cannot be known. */
  readonly newResources: readonly (string | null)[];
  /** What the agent had never done, once it had enough of a past to tell. */
  readonly newKinds: readonly string[];
  readonly newHosts: readonly string[];
  /** Actions in the ten minutes under way, and the most in any ten minutes before; null without enough of a past. */
  readonly pace: { readonly now: number; readonly busiest: number } | null;
  /** Breakers that were not closed, by guardrail. */
  readonly breakers: Readonly<Record<string, BreakerState>>;
}
