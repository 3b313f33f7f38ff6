import { autonomyLevels, trustFloor, trustTiers, type AutonomyLevel, type TrustTier } from "@pullcord/sdk/protocol";

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

/**
 * What an agent of a tier may do between two words of a person (P35): calls to other hosts, and files changed. Beyond
 * them it asks.
 */
export const trustLimits: Readonly<Record<TrustTier, { readonly calls: number; readonly files: number }>> = {
  restricted: { calls: 10, files: 0 },
  supervised: { calls: 50, files: 5 },
  standard: { calls: 100, files: 20 },
  trusted: { calls: 500, files: 100 },
  autonomous: { calls: 1_000, files: 500 },
};

/** The tier of a score from 0 to 1. */
export function tierOfScore(score: number): TrustTier {
  return trustTiers.findLast((tier) => score >= trustFloor[tier]) ?? "restricted";
}

/** Where a tier that a person gave starts from: one small failure does not undo their word. */
export function middleOfTier(tier: TrustTier): number {
  const next = trustTiers[trustTiers.indexOf(tier) + 1];
  return (trustFloor[tier] + (next === undefined ? 1 : trustFloor[next])) / 2;
}

/** The one of two tiers that was earned sooner. */
export function lowerTier(one: TrustTier, other: TrustTier): TrustTier {
  return trustTiers.indexOf(one) <= trustTiers.indexOf(other) ? one : other;
}

/** The one of two levels that gives less freedom. */
export function lowerAutonomy(one: AutonomyLevel, other: AutonomyLevel): AutonomyLevel {
  return autonomyLevels.indexOf(one) <= autonomyLevels.indexOf(other) ? one : other;
}
