import type { DecisionReason, RiskFactor } from "@pullcord/sdk/protocol";
import type { Policy } from "../policy/policy.js";
import { atSetting, type Draft } from "./draft.js";

/** Most risk factors that a decision repeats; the assessment has them all. */
const factorsShown = 3;

/** The gravest factors, gravest first. */
export function riskReasons({ reading }: Draft): readonly DecisionReason[] {
  const factors = [...(reading?.assessment.factors ?? [])].sort((one, other) => other.score - one.score);
  return factors.slice(0, factorsShown).map(factorReason);
}

/** Why the risk alone denies. */
export function deniedByRisk(draft: Draft, policy: Policy): readonly [DecisionReason, ...DecisionReason[]] {
  const sentence = `Its risk is ${draft.risk.score} of 100; the policy denies everything from ${policy.thresholds.denyAt} up.`;
  const limit = atSetting({ step: "risk", sentence, rule: "deny_at" }, "thresholds.deny_at", policy);
  const [first, ...others] = riskReasons(draft);
  return first ? [first, limit, ...others] : [limit];
}

function factorReason({ name, sentence }: RiskFactor): DecisionReason {
  return { step: "risk", sentence, rule: name };
}
