import type { ActionType } from "./action.js";
import type { TrustTier } from "./decision.js";

/** The lowest trust score of each tier (P33), 0 to 1. */
export const trustFloor: Readonly<Record<TrustTier, number>> = {
  restricted: 0,
  supervised: 0.3,
  standard: 0.6,
  trusted: 0.8,
  autonomous: 0.95,
};

/** What an agent has earned for one type of action. */
export interface CapabilityTrust {
  /** The tier in force: a person's word, or less, where it was lost since. */
  readonly tier: TrustTier;
  /** 0 to 1 (P33). */
  readonly score: number;
  /** When it last moved, epoch milliseconds. */
  readonly at: number;
}

export interface TrustPoint {
  readonly at: number;
  readonly score: number;
  readonly tier: TrustTier;
}

/** One capability as people see it. */
export interface CapabilityStanding extends CapabilityTrust {
  readonly capability: ActionType;
  /** The tier that the numbers propose; it holds once a person ratifies it. */
  readonly proposed: TrustTier | null;
}

/** An agent's trust with its history (P39), at most a point an hour, the oldest first. */
export interface AgentTrust {
  readonly agent: string;
  /** What holds where nothing happened yet. */
  readonly tier: TrustTier;
  /** Calls to other hosts and files changed in a run, between two words of a person, before the agent has to ask (P35). */
  readonly limits: { readonly calls: number; readonly files: number };
  readonly capabilities: readonly (CapabilityStanding & { readonly history: readonly TrustPoint[] })[];
}
