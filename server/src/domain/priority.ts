import { riskLevelFloor, type AgentClaim, type DecisionReason, type RiskAssessment } from "@pullcord/sdk/protocol";

/** Why a request deserves a person's eye (P17). */
export const escalationReasons = [
  "critical_decision",
  "policy_violation",
  "high_risk",
  "anomaly",
  "repeated_failures",
  "uncertainty",
  "user_request",
] as const;
export type EscalationReason = (typeof escalationReasons)[number];

/** Thresholds of P18. */
export const escalateAt = { confidenceBelow: 0.3, riskAbove: 70, failures: 3 } as const;

/** 1 pages somebody, 2 and 3 notify the team, 4 and 5 queue (P19, P20). */
const priorityOf: Readonly<Record<EscalationReason, number>> = {
  critical_decision: 1,
  policy_violation: 2,
  high_risk: 2,
  anomaly: 2,
  repeated_failures: 3,
  uncertainty: 3,
  user_request: 4,
};
const ordinaryPriority = 5;

/** What a request's priority is made from. */
export interface PriorityFacts {
  readonly assessment: RiskAssessment | null;
  readonly claim?: AgentClaim | undefined;
  readonly recentFailures: number;
  /** Why a person is asked. */
  readonly reasons?: readonly DecisionReason[];
}

/** The priority of a request: that of its most urgent reason. */
export function priority(facts: PriorityFacts): number {
  return Math.min(ordinaryPriority, ...reasonsToEscalate(facts).map((reason) => priorityOf[reason]));
}

/** Every reason of P17 that can be told from the action alone. */
function reasonsToEscalate({ assessment, claim, recentFailures, reasons: asked = [] }: PriorityFacts): readonly EscalationReason[] {
  const score = Math.max(assessment?.score ?? 0, claim?.risk ?? 0);
  const reasons: EscalationReason[] = [];
  if (score >= riskLevelFloor.critical) reasons.push("critical_decision");
  if (score > escalateAt.riskAbove) reasons.push("high_risk");
  if (asked.some(({ step, rule }) => step === "guardrails" && rule?.startsWith("anomaly."))) reasons.push("anomaly");
  if (recentFailures >= escalateAt.failures) reasons.push("repeated_failures");
  if ((claim?.confidence ?? 1) < escalateAt.confidenceBelow) reasons.push("uncertainty");
  return reasons;
}
