import type { ApprovalLevel, DecisionReason, Effect, PolicyOutcome } from "@pullcord/sdk/protocol";
import { decide } from "../decide.js";
import { replayed, type RecordedAction } from "../recorded.js";
import type { Policy } from "./policy.js";

/** What a policy comes to about a recorded action; a run that it would pause is asked about. */
export function outcomeUnder(policy: Policy, recorded: RecordedAction): PolicyOutcome {
  const verdict = decide(replayed(recorded, policy), recorded.action.decision.at);
  if (verdict.kind === "held") return outcome("require_approval", "review", { step: "guardrails", sentence: verdict.sentence });
  const { effect, approvalLevel, reasons } = verdict.decision;
  const [reason] = reasons;
  return outcome(effect, approvalLevel, reason ?? { step: "obligations", sentence: "" });
}

function outcome(effect: Effect, level: ApprovalLevel, { sentence, rule, line }: DecisionReason): PolicyOutcome {
  return { effect, level, sentence, ...(rule === undefined ? {} : { rule }), ...(line === undefined ? {} : { line }) };
}

/** Whether two outcomes are the same to whoever is asked: the effect, and the proof an approval needs. */
export function isSameOutcome(one: PolicyOutcome, other: PolicyOutcome): boolean {
  return one.effect === other.effect && one.level === other.level;
}
