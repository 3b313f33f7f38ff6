import { autonomyLevels, trustTiers, type AutonomyLevel, type TrustTier } from "@pullcord/sdk/protocol";

/** The lowest trust score of each tier (P33), 0 to 1. */
const trustFloor: Readonly<Record<TrustTier, number>> = {
  restricted: 0,
  supervised: 0.3,
  standard: 0.6,
  trusted: 0.8,
  autonomous: 0.95,
};

/**
 * The most freedom a tier lets an agent have, whatever level a person set (requirements, "Settled"). Supervised and
 * standard ask alike; they will differ in their limits (P35). Only the two tiers that were earned over a long time
 * may act first and tell afterwards.
 */
export const trustCeiling: Readonly<Record<TrustTier, AutonomyLevel>> = {
  restricted: "ask_first",
  supervised: "ask_destructive",
  standard: "ask_destructive",
  trusted: "notify",
  autonomous: "full",
};

/** The tier of a score. */
export function trustTier(score: number): TrustTier {
  return trustTiers.findLast((tier) => score >= trustFloor[tier]) ?? "restricted";
}

/** The one of two levels that gives less freedom. */
export function lowerAutonomy(one: AutonomyLevel, other: AutonomyLevel): AutonomyLevel {
  return autonomyLevels.indexOf(one) <= autonomyLevels.indexOf(other) ? one : other;
}
