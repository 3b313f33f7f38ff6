import {
  approvalLevels,
  type ApprovalLevel,
  type BreakGlassUse,
  type Decision,
  type DecisionReason,
  type Effect,
  type Grant,
  type Reversibility,
} from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import type { Policy } from "../policy/policy.js";
import type { Reading } from "../reading.js";
import type { BreakerMove, LimitOrder } from "../verdict.js";

/** A decision in the making. */
export interface Draft {
  readonly breakGlass: BreakGlassUse | null;
  readonly reading: Reading | null;
  /** The risk that holds: the assessment's, raised by what the agent claims and by what a model's review adds. */
  readonly risk: { readonly score: number; readonly reversibility: Reversibility; readonly understood: boolean };
  /** What limits warn of. */
  readonly warnings: readonly DecisionReason[];
  /** What becomes of the breakers of limits. */
  readonly breakers: readonly BreakerMove[];
  /** Set where a limit stops the run. */
  readonly stop: LimitOrder | null;
  /** Everything that wants a person asked. */
  readonly asks: readonly Ask[];
  /** The highest level that an `allow` rule lifts, and the rule. */
  readonly lift: { readonly level: ApprovalLevel; readonly reason: DecisionReason } | null;
  /** The grant that answered what would have been asked. */
  readonly grant: Grant | null;
  /** The step of the approved plan that this is, and whether that answered what would have been asked. */
  readonly planStep: NonNullable<Decision["planStep"]> | null;
  /** The approved plan that this deviates from. */
  readonly deviatesFrom: string | null;
  /** True where the policy wants a model's review and none was asked for yet. */
  readonly lacksReview: boolean;
  /** Set by the step that ends the deciding. */
  readonly settled: Settled | null;
}

/** A reason as the policy file gave it, with the line of the setting it is about. */
export function atSetting(reason: DecisionReason, setting: string, { settingLines }: Pick<Policy, "settingLines">): DecisionReason {
  const line = settingLines.get(setting);
  return line === undefined ? reason : { ...reason, line };
}

export interface Ask {
  /** The deciding sentence first. */
  readonly reasons: readonly DecisionReason[];
  readonly level: ApprovalLevel;
  /** True for what an `allow` rule of a high enough level lifts. */
  readonly isLiftable: boolean;
}

export type Settled = SettledEffect | { readonly kind: "held"; readonly sentence: string; readonly pause: LimitOrder | null };

export interface SettledEffect {
  readonly kind: "effect";
  readonly effect: Effect;
  readonly reasons: readonly [DecisionReason, ...DecisionReason[]];
  readonly level: ApprovalLevel;
}

/** One step: takes the draft on, or settles it. */
export type Step = (draft: Draft, facts: DecisionFacts, now: number) => Draft;

export const emptyDraft: Draft = {
  breakGlass: null,
  reading: null,
  // Until it is worked out, the worst is assumed.
  risk: { score: 100, reversibility: "irreversible", understood: false },
  warnings: [],
  breakers: [],
  stop: null,
  asks: [],
  lift: null,
  grant: null,
  planStep: null,
  deviatesFrom: null,
  lacksReview: false,
  settled: null,
};

/** Ends the deciding with a denial. */
export function deny(draft: Draft, ...reasons: readonly [DecisionReason, ...DecisionReason[]]): Draft {
  return { ...draft, settled: { kind: "effect", effect: "deny", reasons, level: "none" } };
}

/** Ends it with an allow. */
export function allow(draft: Draft, ...reasons: readonly [DecisionReason, ...DecisionReason[]]): Draft {
  return { ...draft, settled: { kind: "effect", effect: "allow", reasons, level: "none" } };
}

/** Notes that a person has to be asked; later steps may still deny. */
export function ask(draft: Draft, ...asks: readonly Ask[]): Draft {
  return { ...draft, asks: [...draft.asks, ...asks] };
}

/** What wants a person asked and is lifted by no `allow` rule. */
export function standingAsks({ asks, lift }: Draft): readonly Ask[] {
  if (lift === null) return asks;
  return asks.filter(({ isLiftable, level }) => !isLiftable || approvalLevels.indexOf(level) > approvalLevels.indexOf(lift.level));
}

/** Ends it with the action waiting for the run to be resumed. */
export function hold(draft: Draft, sentence: string, pause: LimitOrder | null): Draft {
  return { ...draft, settled: { kind: "held", sentence, pause } };
}
