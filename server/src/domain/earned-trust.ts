import {
  riskLevel,
  riskLevelFloor,
  trustTiers,
  type ActionType,
  type CapabilityTrust,
  type RiskLevel,
  type TrustTier,
} from "@pullcord/sdk/protocol";
import { lowerTier, middleOfTier, tierOfScore } from "./trust.js";

/** What an agent may do: the tier a person gave it, and what it has earned and lost since, for each type of action. */
export interface Trust {
  readonly tier: TrustTier;
  readonly capabilities: Readonly<Partial<Record<ActionType, CapabilityTrust>>>;
}

export const noTrust: Trust = { tier: "restricted", capabilities: {} };

/**
 * What moved trust. `severity` and `risk` come from the action's own risk score, 0 to 100.
 * - success: +0.02 × (1 − score) × weight (P36), the weight being the risk over 60, at most 1
 * - failure: −0.1 × severity (P37), the severity being the risk over 100; below medium risk nothing, since a red test is
 *   everyday work
 * - a person's no: −0.1 × severity, which is a tenth at least
 * - a question that nobody answered: −0.01 (P38)
 */
export type TrustCause = "succeeded" | "failed" | "refused" | "unanswered";

const successGain = 0.02;
const failureLoss = 0.1;
const unansweredLoss = 0.01;
const leastSeverity = 0.1;
/** The risk from which on a success counts in full. */
const fullWeightRisk = 60;

/**
 * The most trust that successes at a risk level can earn: ten thousand trivial ones earn nothing, and nobody comes to act
 * first and tell later by small things alone.
 */
const earnable: Readonly<Record<RiskLevel, number>> = { none: 0, low: 0.3, medium: 0.8, high: 0.95, critical: 1 };

/** Idle trust falls towards this score, and reaches half of the way in `halfLifeMs`. */
const idleFloor = 0.3;
const halfLifeMs = 180 * 24 * 3_600_000;

/** The tier that holds for an action: the lowest of all that it really is. */
export function tierFor(trust: Trust, types: readonly ActionType[], now: number): TrustTier {
  return types.map((type) => standing(trust, type, now).tier).reduce(lowerTier, "autonomous");
}

/** How a capability stands now, idle time counted. Where nothing happened yet, it is in the middle of the agent's tier. */
export function standing(trust: Trust, capability: ActionType, now: number): CapabilityTrust {
  const kept = trust.capabilities[capability];
  if (!kept) return { tier: trust.tier, score: middleOfTier(trust.tier), at: now };
  const score = idled(kept.score, now - kept.at);
  // A demotion is immediate; a promotion waits for a person.
  return { tier: lowerTier(kept.tier, tierOfScore(score)), score, at: kept.at };
}

/** The tier that the numbers propose and a person has not ratified; null when there is none. */
export function proposedTier({ tier, score }: Pick<CapabilityTrust, "tier" | "score">): TrustTier | null {
  const earned = tierOfScore(score);
  return trustTiers.indexOf(earned) > trustTiers.indexOf(tier) ? earned : null;
}

/** How trust in one capability stands after an action; null when it has not moved. */
export function movedTrust(
  trust: Trust,
  { capability, cause, risk }: { readonly capability: ActionType; readonly cause: TrustCause; readonly risk: number },
  now: number,
): CapabilityTrust | null {
  const before = standing(trust, capability, now);
  const score = Math.min(1, Math.max(0, scoreAfter(before.score, cause, risk)));
  if (score === before.score) return null;
  return { tier: lowerTier(before.tier, tierOfScore(score)), score, at: now };
}

/** What a person says holds: for one capability, or for all of them. */
export function givenTrust(
  trust: Trust,
  { tier, capability }: { readonly tier: TrustTier; readonly capability?: ActionType | undefined },
  now: number,
): Trust {
  if (capability === undefined) return { tier, capabilities: {} };
  const given = standing(trust, capability, now);
  const score = tierOfScore(given.score) === tier ? given.score : middleOfTier(tier);
  return { ...trust, capabilities: { ...trust.capabilities, [capability]: { tier, score, at: now } } };
}

function scoreAfter(score: number, cause: TrustCause, risk: number): number {
  if (cause === "unanswered") return score - unansweredLoss;
  if (cause === "refused") return score - failureLoss * Math.max(leastSeverity, risk / 100);
  if (cause === "failed") return risk < riskLevelFloor.medium ? score : score - failureLoss * (risk / 100);
  const most = earnable[riskLevel(risk)];
  return score >= most ? score : Math.min(most, score + successGain * (1 - score) * Math.min(1, risk / fullWeightRisk));
}

function idled(score: number, idleMs: number): number {
  return score <= idleFloor ? score : idleFloor + (score - idleFloor) * 2 ** (-Math.max(0, idleMs) / halfLifeMs);
}
