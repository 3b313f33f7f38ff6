import { riskLevelFloor, type ApprovalLevel, type AutonomyLevel } from "@pullcord/sdk/protocol";
import { autonomyInForce, type AutonomyInForce } from "../autonomy.js";
import type { DecisionFacts } from "../facts.js";
import { escalateAt } from "../priority.js";
import { ask, atSetting, type Ask, type Draft, type Step } from "./draft.js";
import { levelOf, levelRank, levelSetting, requiredTypeAsksAt, weightAsItsType } from "./level.js";
import { riskReasons } from "./sentences.js";
import { asksByTier } from "./tier-limits.js";

/** From here on, what cannot be taken back asks where destructive actions do. */
const irreversibleAsksAt = riskLevelFloor.medium;
/** From here on, what was not understood asks even where the agent only has to notify. */
const unknownAsksAt = riskLevelFloor.high;

/**
 * Whether this agent may do this by itself: the lower of the level people set and what its trust allows.
 *
 * - `ask_first`: everything asks that is not read-only, and what the levels above ask about: a lower level never lets
 *   through what a higher one asks about
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
  const byAutonomy = asksByAutonomy(draft, { autonomy, level, facts });
  // Who asks anyway needs not hear of its limits, too.
  return ask(draft, ...asksAtAnyLevel(draft, facts, level), ...(byAutonomy.length > 0 ? byAutonomy : asksByTier(draft, facts)));
};

function asksAtAnyLevel(draft: Draft, facts: DecisionFacts, level: ApprovalLevel): readonly Ask[] {
  const { proposed, policy } = facts;
  const asks: Ask[] = [];
  const { type, claim } = proposed;
  if (type === "unknown") {
    asks.push(asking("What kind of action this is is not known, so a person decides.", policy.approval.levels.unknown, "unknown_type"));
  }
  if (levelRank(level) >= levelRank("required_2fa")) {
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
  const notify = [
    why(score >= riskLevelFloor.critical, `Its risk of ${score} is critical`),
    why(!understood && score >= unknownAsksAt, "It is risky, and a part of it could not be understood"),
  ];
  const askDestructive = [
    overThreshold,
    why(reversibility === "irreversible" && score >= irreversibleAsksAt, "It cannot be taken back"),
    unclear,
    why(
      levelRank(level) >= levelRank("required") && weightAsItsType(draft) >= requiredTypeAsksAt,
      "Actions of this type need a person",
      levelSetting(draft, facts, level),
    ),
    ...notify,
  ];
  const askFirst = [why(reversibility !== "read_only", "This agent asks first for everything that changes something"), ...askDestructive];
  const whys: Readonly<Record<AutonomyLevel, readonly Why[]>> = { ask_first: askFirst, ask_destructive: askDestructive, notify, full: [] };
  return whys[autonomy.level].find(({ holds }) => holds) ?? null;
}

/** The line `autonomy:` says so only where nobody set the dial and no trust tier lowered it. */
export function autonomySetting({ from, loweredBy }: AutonomyInForce): string {
  return from === "policy" && loweredBy === null ? "autonomy" : "";
}

/** Who set the level that holds, in words. */
export function whose({ level, from, loweredBy }: AutonomyInForce): string {
  if (loweredBy) return `autonomy ${level}, the most that trust tier ${loweredBy} allows`;
  return from === "policy"
    ? `autonomy ${level}, by policy`
    : `autonomy ${level}, set for ${from === "everything" ? "everything" : `this ${from}`}`;
}

function asking(sentence: string, level: ApprovalLevel, rule: string): Ask {
  return { reasons: [{ step: "autonomy_and_trust", sentence, rule }], level, isLiftable: true };
}
