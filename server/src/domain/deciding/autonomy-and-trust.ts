import {
  approvalLevels,
  limits,
  riskLevelFloor,
  type ActionType,
  type ApprovalLevel,
  type AutonomyLevel,
  type DecisionReason,
} from "@pullcord/sdk/protocol";
import { autonomyInForce, type AutonomyInForce } from "../autonomy.js";
import type { DecisionFacts } from "../facts.js";
import type { Policy } from "../policy/policy.js";
import { escalateAt } from "../priority.js";
import { allow, ask, atSetting, deny, type Ask, type Draft, type Step } from "./draft.js";
import { riskReasons } from "./sentences.js";
import { asksByTier } from "./tier-limits.js";
import { typesOf } from "../policy/subject.js";

/** From here on, what cannot be taken back asks where destructive actions do. */
const irreversibleAsksAt = riskLevelFloor.medium;
/** From here on, a type whose level is `required` asks where destructive actions do. */
const requiredTypeAsksAt = riskLevelFloor.low;
/** From here on, what was not understood asks even where the agent only has to notify. */
const unknownAsksAt = riskLevelFloor.high;

/**
 * Whether this agent may do this by itself: the lower of the level people set and what its trust allows.
 *
 * - `ask_first`: everything asks that is not read-only
 * - `ask_destructive`: asks from the policy's `ask_at`, for what cannot be taken back or was not understood, and for
 *   types whose approval level is `required`
 * - `notify`: runs and tells; asks when critical, or risky and not understood
 * - `full`: runs; tells when high
 *
 * At any level ask: an unknown type (P8), types that need a second factor or an admin, and an agent that is unsure
 * itself (P18), and beyond the limits of its tier (P35). An `allow` rule lifts asking up to the level it covers; what rules and limits ask for stays.
 */
export const applyAutonomyAndTrust: Step = (draft, facts) => {
  const autonomy = autonomyInForce(facts);
  const level = levelOf(draft, facts);
  const asked = ask(
    draft,
    ...asksAtAnyLevel(draft, facts, level),
    ...asksByAutonomy(draft, { autonomy, level, facts }),
    ...asksByTier(draft, facts),
  );
  const standing = asked.asks.filter((one) => !(one.isLiftable && isLifted(one, asked)));
  if (standing.length === 0) return allow(asked, ...whyAllowed(asked, autonomy, facts.policy));
  return facts.counters.openQuestions >= limits.openQuestions ? deny(asked, tooManyQuestions) : settleAsking(asked, standing, level);
};

/** A person who is flooded decides badly (R23). */
const tooManyQuestions: DecisionReason = {
  step: "autonomy_and_trust",
  rule: "open_questions",
  sentence: `A person is asked about this, and ${limits.openQuestions} questions of this run wait already. Wait for their answers first.`,
};

/** The approval level by type and by risk: high risk needs at least `required`. */
function levelOf(draft: Draft, facts: DecisionFacts): ApprovalLevel {
  // Nobody needs a second factor for a quote or a dry run; what it really is was read, not claimed.
  if (draft.reading?.simulated && draft.risk.score < requiredTypeAsksAt) return "none";
  const byType = typesIn(draft, facts).map((type) => facts.policy.approval.levels[type]);
  return highest([...byType, draft.risk.score >= riskLevelFloor.high ? "required" : "none"]);
}

function typesIn({ reading }: Draft, { proposed }: DecisionFacts): readonly ActionType[] {
  return reading ? typesOf(proposed, reading) : [proposed.type];
}

/** The setting in the policy file that gives this level. */
function levelSetting(draft: Draft, facts: DecisionFacts, level: ApprovalLevel): string {
  return `approval.levels.${typesIn(draft, facts).find((type) => facts.policy.approval.levels[type] === level) ?? facts.proposed.type}`;
}

function asksAtAnyLevel(draft: Draft, facts: DecisionFacts, level: ApprovalLevel): readonly Ask[] {
  const { proposed, policy } = facts;
  const asks: Ask[] = [];
  const { type, claim } = proposed;
  if (type === "unknown") {
    asks.push(asking("What kind of action this is is not known, so a person decides.", policy.approval.levels.unknown, "unknown_type"));
  }
  if (rank(level) >= rank("required_2fa")) {
    const sentence =
      level === "admin_only" ? "Actions of this type need an admin." : "Actions of this type need a person with a second factor.";
    const needed = asking(sentence, level, "approval_level");
    asks.push({ ...needed, reasons: needed.reasons.map((one) => atSetting(one, levelSetting(draft, facts, level), policy)) });
  }
  if (!((claim?.confidence ?? 1) >= escalateAt.confidenceBelow)) {
    asks.push({ ...asking("The agent says that it is not sure of this.", "review", "confidence"), isLiftable: false });
  }
  return asks;
}

interface Weighed {
  readonly autonomy: AutonomyInForce;
  readonly level: ApprovalLevel;
  readonly facts: DecisionFacts;
}

function asksByAutonomy(draft: Draft, weighed: Weighed): readonly Ask[] {
  const why = whyAsked(draft, weighed);
  if (why === null) return [];
  const sentence = `${why.sentence} (${whose(weighed.autonomy)}).`;
  const own = atSetting({ step: "autonomy_and_trust", sentence, rule: weighed.autonomy.level }, why.setting, weighed.facts.policy);
  return [{ reasons: [...riskReasons(draft), own], level: weighed.level, isLiftable: true }];
}

/** Why a level of autonomy asks, and the setting of the policy file that says so. */
interface Why {
  readonly holds: boolean;
  readonly sentence: string;
  readonly setting: string;
}

function whyAsked(draft: Draft, { autonomy, level, facts }: Weighed): Why | null {
  const { score, reversibility, understood } = draft.risk;
  const { askAt } = facts.policy.thresholds;
  const why = (holds: boolean, sentence: string, setting = autonomySetting(autonomy)): Why => ({ holds, sentence, setting });
  const overThreshold = why(score >= askAt, `Its risk is ${score}; the policy asks from ${askAt} up`, "thresholds.ask_at");
  const unclear = why(!understood, "A part of this could not be understood");
  const whys: Readonly<Record<AutonomyLevel, readonly Why[]>> = {
    ask_first: [why(reversibility !== "read_only", "This agent asks first for everything that changes something"), unclear, overThreshold],
    ask_destructive: [
      overThreshold,
      why(reversibility === "irreversible" && score >= irreversibleAsksAt, "It cannot be taken back"),
      unclear,
      why(
        rank(level) >= rank("required") && score >= requiredTypeAsksAt,
        "Actions of this type need a person",
        levelSetting(draft, facts, level),
      ),
    ],
    notify: [
      why(score >= riskLevelFloor.critical, `Its risk of ${score} is critical`),
      why(!understood && score >= unknownAsksAt, "It is risky, and a part of it could not be understood"),
    ],
    full: [],
  };
  return whys[autonomy.level].find(({ holds }) => holds) ?? null;
}

/** The line `autonomy:` says so only where nobody set the dial and no trust tier lowered it. */
function autonomySetting({ from, loweredBy }: AutonomyInForce): string {
  return from === "policy" && loweredBy === null ? "autonomy" : "";
}

function whose({ level, from, loweredBy }: AutonomyInForce): string {
  if (loweredBy) return `autonomy ${level}, the most that trust tier ${loweredBy} allows`;
  return from === "policy"
    ? `autonomy ${level}, by policy`
    : `autonomy ${level}, set for ${from === "everything" ? "everything" : `this ${from}`}`;
}

function isLifted({ level }: Ask, { lift }: Draft): boolean {
  return lift !== null && rank(lift.level) >= rank(level);
}

function settleAsking(draft: Draft, asks: readonly Ask[], level: ApprovalLevel): Draft {
  const [first, ...others] = asks.flatMap((one) => one.reasons);
  const needed = highest([...asks.map((one) => one.level), level, "review"]);
  // An ask always has a reason; the sentence here only satisfies the type.
  const deciding = first ?? { step: "autonomy_and_trust", sentence: "A person decides this." };
  return { ...draft, settled: { kind: "effect", effect: "require_approval", reasons: [deciding, ...others], level: needed } };
}

function whyAllowed(draft: Draft, autonomy: AutonomyInForce, policy: Policy): readonly [DecisionReason, ...DecisionReason[]] {
  const sentence = `Within what this agent may do by itself (${whose(autonomy)}).`;
  const own = atSetting({ step: "autonomy_and_trust", sentence, rule: autonomy.level }, autonomySetting(autonomy), policy);
  return draft.lift ? [draft.lift.reason, ...riskReasons(draft)] : [own, ...riskReasons(draft)];
}

function asking(sentence: string, level: ApprovalLevel, rule: string): Ask {
  return { reasons: [{ step: "autonomy_and_trust", sentence, rule }], level, isLiftable: true };
}

function highest(levels: readonly ApprovalLevel[]): ApprovalLevel {
  return approvalLevels[Math.max(0, ...levels.map(rank))] ?? "required";
}

function rank(level: ApprovalLevel): number {
  return approvalLevels.indexOf(level);
}
