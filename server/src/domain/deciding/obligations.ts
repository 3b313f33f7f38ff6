import { riskLevelFloor, type AutonomyLevel, type Obligation } from "@pullcord/sdk/protocol";
import type { DecisionFacts } from "../facts.js";
import type { Draft } from "./draft.js";

/** What has to be done along with an action that may run, now or once a person approves it. */
export function obligations(
  draft: Draft,
  autonomy: AutonomyLevel,
  { policy, proposed, keepsSnapshots }: DecisionFacts,
): readonly Obligation[] {
  const owed: Obligation[] = [];
  if (isTold(draft, autonomy) || policy.approval.levels[proposed.type] === "notify") owed.push({ kind: "notify" });
  if (keepsSnapshots && changesWhatIsKept(draft)) owed.push({ kind: "snapshot" });
  return owed;
}

/** Acting first and telling afterwards begins at medium risk (E17), with full autonomy at high (E18); forced ones, and what limits warn of, are always told. */
function isTold({ settled, breakGlass, reading, risk, warnings }: Draft, autonomy: AutonomyLevel): boolean {
  if (settled?.kind !== "effect" || settled.effect !== "allow") return false;
  if (warnings.length > 0) return true;
  const score = breakGlass ? (reading?.assessment.score ?? 100) : risk.score;
  return breakGlass !== null || score >= (autonomy === "full" ? riskLevelFloor.high : riskLevelFloor.medium);
}

/** What is known to change files, or rows that are kept, and whatever runs commands, or is not understood, and is not known to change nothing. */
function changesWhatIsKept({ reading }: Draft): boolean {
  if (reading === null) return false;
  const { writes, deletes, commands, keptRows, assessment } = reading;
  if (keptRows !== undefined || writes.length > 0 || deletes.length > 0) return true;
  return assessment.reversibility !== "read_only" && (commands.length > 0 || !assessment.understood);
}
