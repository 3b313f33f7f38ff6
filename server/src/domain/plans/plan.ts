import {
  reversibilities,
  riskLevel,
  type AffectedNames,
  type ApprovalLevel,
  type DryRunAction,
  type DryRunPlan,
  type Effect,
  type JudgedStep,
  type PlanWhole,
} from "@pullcord/sdk/protocol";
import { highestLevel } from "../deciding/level.js";

/** From best to worst. */
const effectOrder: readonly Effect[] = ["allow", "require_approval", "deny"];
/** What could not be read counts as the worst. */
const unreadScore = 100;
const mostNames = 5;

type Judged = Pick<DryRunAction, "assessment" | "effect">;

/** A plan takes the worst of everything in it (V9.2.10): one step that can't be taken back makes the plan one that can't. */
export function planOf(actions: readonly Judged[]): DryRunPlan {
  const score = Math.max(0, ...actions.map(({ assessment }) => assessment?.score ?? unreadScore));
  return {
    effect: worst(
      effectOrder,
      actions.map(({ effect }) => effect),
    ),
    reversibility: worst(
      reversibilities,
      actions.map(({ assessment }) => assessment?.reversibility ?? "irreversible"),
    ),
    score,
    level: riskLevel(score),
  };
}

/** A step with what it is called by. */
export interface NumberedStep {
  readonly number: number;
  readonly judged: JudgedStep;
}

/** What a person is shown of a plan as a whole. */
export function wholeOf(steps: readonly NumberedStep[]): PlanWhole {
  return { ...planOf(steps.map(({ judged }) => judged)), files: filesOf(steps), undo: undoOf(steps) };
}

/** The proof that approving a plan needs: what its most demanding step does, and a signed-in approver at least. */
export function planLevel(steps: readonly NumberedStep[]): ApprovalLevel {
  return highestLevel(["review", ...steps.map(({ judged }) => judged.approvalLevel)]);
}

function worst<T>(order: readonly T[], found: readonly T[]): T {
  const place = Math.max(0, ...found.map((one) => order.indexOf(one)));
  return order[place] as T;
}

/** A path that several steps change is counted once where its name is known, and each time where it is not. */
function filesOf(steps: readonly NumberedStep[]): AffectedNames {
  const changed = steps.flatMap(({ judged: { assessment } }) =>
    assessment ? [assessment.affected.writes, assessment.affected.deletes] : [],
  );
  const names = new Set(changed.flatMap(({ first }) => first));
  const unnamed = changed.reduce((sum, { first, count }) => sum + count - first.length, 0);
  return { first: [...names].slice(0, mostNames), count: names.size + unnamed };
}

function undoOf(steps: readonly NumberedStep[]): string {
  const changing = steps.filter(({ judged }) => judged.assessment?.reversibility !== "read_only");
  if (changing.length === 0) return "There is nothing to take back: no step changes anything.";
  const of = (found: (reversibility: string) => boolean) =>
    changing.filter(({ judged }) => found(judged.assessment?.reversibility ?? "irreversible")).map(({ number }) => number);
  const never = of((one) => one === "irreversible");
  const byOthers = of((one) => one === "externally_reversible");
  if (never.length + byOthers.length === 0) return "An undo takes back all of it.";
  return [
    never.length === 0 ? [] : [`An undo can't take back ${stepsInWords(never)}.`],
    byOthers.length === 0 ? [] : [`Only others can take back ${stepsInWords(byOthers)}.`],
    never.length + byOthers.length === changing.length ? [] : ["The rest it can."],
  ]
    .flat()
    .join(" ");
}

function stepsInWords(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? "step" : "steps"} ${numbers.join(", ")}`;
}
