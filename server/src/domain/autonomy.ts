import type { AutonomyLevel, Run, TrustTier } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "./facts.js";
import type { Policy } from "./policy/policy.js";
import { lowerAutonomy, trustCeiling } from "./trust.js";

/** The level that holds for a run, and where it comes from. */
export interface AutonomyInForce {
  readonly level: AutonomyLevel;
  readonly from: Run["autonomy"]["from"];
  /** The level as set, before trust lowered it. */
  readonly set: AutonomyLevel;
  readonly loweredBy: TrustTier | null;
}

/** The lower of what people set (run over agent over everything over policy) and what the agent has earned. */
export function autonomyInForce(facts: {
  readonly autonomySet: DecisionFacts["autonomySet"];
  readonly policy: Pick<Policy, "autonomy">;
  readonly trustTier: TrustTier;
}): AutonomyInForce {
  const { level: set, from } = facts.autonomySet ?? { level: facts.policy.autonomy, from: "policy" as const };
  const level = lowerAutonomy(set, trustCeiling[facts.trustTier]);
  return { level, from, set, loweredBy: level === set ? null : facts.trustTier };
}
