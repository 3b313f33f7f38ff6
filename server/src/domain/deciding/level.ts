import { approvalLevels, riskLevelFloor, type ApprovalLevel } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import { typesOf } from "../policy/subject.js";
import type { Draft } from "./draft.js";

/** From here on, a type whose level is `required` asks where destructive actions do. */
export const requiredTypeAsksAt = riskLevelFloor.low;

/** Factors that say where something runs, not what it does. */
const placesOfRunning: ReadonlySet<string> = new Set(["local_containers", "remakes_containers"]);

/** What an action of a type that needs a person weighs: where it runs counts only where nothing says what it does. */
export function weightAsItsType({ risk, reading }: Draft): number {
  const { score = 0, factors = [] } = reading?.assessment ?? {};
  const does = factors.filter(({ name }) => !placesOfRunning.has(name));
  return risk.score > score || does.length === 0 ? risk.score : Math.max(...does.map((factor) => factor.score));
}

/** The approval level by type and by risk: high risk needs at least `required`. */
export function levelOf(draft: Draft, facts: DecisionFacts): ApprovalLevel {
  // Nobody needs a second factor for a quote or a dry run; what it really is was read, not claimed.
  if (draft.reading?.simulated && draft.risk.score < requiredTypeAsksAt) return "none";
  const byType = typesOf(facts.proposed, draft.reading).map((type) => facts.policy.approval.levels[type]);
  return highestLevel([...byType, draft.risk.score >= riskLevelFloor.high ? "required" : "none"]);
}

/** The setting in the policy file that gives this level. */
export function levelSetting(draft: Draft, facts: DecisionFacts, level: ApprovalLevel): string {
  return `approval.levels.${typesOf(facts.proposed, draft.reading).find((type) => facts.policy.approval.levels[type] === level) ?? facts.proposed.type}`;
}

/** The one that needs the most proof; `none` of no levels. */
export function highestLevel(levels: readonly ApprovalLevel[]): ApprovalLevel {
  return approvalLevels[Math.max(0, ...levels.map(levelRank))] ?? "required";
}

export function levelRank(level: ApprovalLevel): number {
  return approvalLevels.indexOf(level);
}
