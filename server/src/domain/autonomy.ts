import type { AutonomyLevel, AutonomySource, DialScope, TrustTier } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "./facts.js";
import type { Policy } from "./policy/policy.js";
import { lowerAutonomy, trustCeiling } from "./trust.js";

/** The level that holds for a run, and where it comes from. */
export interface AutonomyInForce {
  readonly level: AutonomyLevel;
  readonly from: AutonomySource;
  /** The level as set, before trust lowered it. */
  readonly set: AutonomyLevel;
  readonly loweredBy: TrustTier | null;
}

/** A level that a person set, and what for. */
export interface DialSet {
  readonly level: AutonomyLevel;
  readonly from: DialScope["kind"];
}

/**
 * What people set, of all that covers an action: run over agent over everything, and the lowest of that and of what its
 * task and its environments say. Those two are the agent's own words, so they never give more freedom. Null where what
 * the policy says holds.
 */
export function setByPeople(settings: readonly DialSet[], policy: Pick<Policy, "autonomy">): DialSet | null {
  const byKind = (kind: DialSet["from"]) => settings.filter(({ from }) => from === kind);
  const [own] = [...byKind("run"), ...byKind("agent"), ...byKind("everything")];
  let lowest = own ?? null;
  for (const ceiling of [...byKind("task"), ...byKind("environment")]) {
    const level = lowest?.level ?? policy.autonomy;
    if (ceiling.level !== level && lowerAutonomy(ceiling.level, level) === ceiling.level) lowest = ceiling;
  }
  return lowest;
}

/** The lower of what people set (else the policy) and what the agent has earned. */
export function autonomyInForce(facts: {
  readonly autonomySet: DecisionFacts["autonomySet"];
  readonly policy: Pick<Policy, "autonomy">;
  readonly trustTier: TrustTier;
}): AutonomyInForce {
  const { level: set, from } = facts.autonomySet ?? { level: facts.policy.autonomy, from: "policy" as const };
  const level = lowerAutonomy(set, trustCeiling[facts.trustTier]);
  return { level, from, set, loweredBy: level === set ? null : facts.trustTier };
}
