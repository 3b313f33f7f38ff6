import { autonomyLevels, trustTiers } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { autonomyInForce } from "./autonomy.js";
import { lowerAutonomy, tierOfScore, trustCeiling } from "./trust.js";

it.each([
  [-1, "restricted"],
  [0, "restricted"],
  [0.299, "restricted"],
  [0.3, "supervised"],
  [0.6, "standard"],
  [0.8, "trusted"],
  [0.949, "trusted"],
  [0.95, "autonomous"],
  [1, "autonomous"],
  [Number.NaN, "restricted"],
] as const)("puts the score %d in the tier %s", (score, tier) => {
  expect(tierOfScore(score)).toBe(tier);
});

it("never lets a higher tier do less", () => {
  const ranks = trustTiers.map((tier) => autonomyLevels.indexOf(trustCeiling[tier]));
  expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
});

it("holds the lower of dial and trust, for every pair", () => {
  for (const level of autonomyLevels) {
    for (const tier of trustTiers) {
      const inForce = autonomyInForce({ autonomySet: { level, from: "agent" }, policy: { autonomy: "full" }, trustTier: tier });
      expect(inForce.level).toBe(lowerAutonomy(level, trustCeiling[tier]));
      expect(inForce.loweredBy).toBe(inForce.level === level ? null : tier);
    }
  }
});

it("goes by the policy where no person set a level", () => {
  expect(autonomyInForce({ autonomySet: null, policy: { autonomy: "notify" }, trustTier: "autonomous" })).toMatchObject({
    level: "notify",
    from: "policy",
  });
});
