import { bounds, type ApprovalLevel, type DecisionReason } from "@pullcord/sdk/protocol";
import { autonomyInForce, type AutonomyInForce } from "../autonomy.js";
import type { Policy } from "../policy/policy.js";
import { autonomySetting, whose } from "./autonomy-and-trust.js";
import { allow, atSetting, deny, standingAsks, type Ask, type Draft, type Step } from "./draft.js";
import { highestLevel, levelOf } from "./level.js";
import { riskReasons } from "./sentences.js";

/** Ends the deciding: what nothing asks about runs; else a person is asked, unless they are flooded already. */
export const settle: Step = (draft, facts) => {
  const asks = standingAsks(draft);
  if (asks.length === 0) return allow(draft, ...whyAllowed(draft, autonomyInForce(facts), facts.policy));
  if (facts.counters.openQuestions >= bounds.openQuestions) return deny(draft, tooManyQuestions);
  return settleAsking(draft, asks, levelOf(draft, facts));
};

/** A person who is flooded decides badly (R23). */
const tooManyQuestions: DecisionReason = {
  step: "autonomy_and_trust",
  rule: "open_questions",
  sentence: `A person is asked about this, and ${bounds.openQuestions} questions of this run wait already. Wait for their answers first.`,
};

function settleAsking(draft: Draft, asks: readonly Ask[], level: ApprovalLevel): Draft {
  const [first, ...others] = asks.flatMap((one) => one.reasons);
  const needed = highestLevel([...asks.map((one) => one.level), level, "review"]);
  // An ask always has a reason; the sentence here only satisfies the type.
  const deciding = first ?? { step: "autonomy_and_trust", sentence: "A person decides this." };
  return { ...draft, settled: { kind: "effect", effect: "require_approval", reasons: [deciding, ...others], level: needed } };
}

function whyAllowed(draft: Draft, autonomy: AutonomyInForce, policy: Policy): readonly [DecisionReason, ...DecisionReason[]] {
  const sentence = `Within what this agent may do by itself (${whose(autonomy)}).`;
  const own = atSetting({ step: "autonomy_and_trust", sentence, rule: autonomy.level }, autonomySetting(autonomy), policy);
  return draft.lift ? [draft.lift.reason, ...riskReasons(draft)] : [own, ...riskReasons(draft)];
}
