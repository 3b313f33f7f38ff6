import type { JudgedStep, Plan, PlanStep } from "@pullcord/sdk/protocol";
import { planDigest } from "../domain/plans/digest.js";
import { planLevel, wholeOf } from "../domain/plans/plan.js";
import type { Reading } from "../domain/reading.js";
import type { StoredRun } from "../store/runs.js";
import type { LookContext } from "./context.js";
import { judgeInOrder } from "./judge-in-order.js";

/** A step that is about to be judged. */
export type UnjudgedStep = Pick<PlanStep, "number" | "proposed" | "approvedArguments">;

/** What was found out about a step, and what of it can be tried on databases. */
export interface StepJudgment extends Pick<Reading, "rowsToTry"> {
  readonly judged: JudgedStep;
}

/** Judges the steps as they would stand: each after the ones before it, an edited one by what a person put there. */
export async function judgePlan(look: LookContext, run: StoredRun, steps: readonly UnjudgedStep[]): Promise<readonly StepJudgment[]> {
  const actions = steps.map(({ proposed, approvedArguments }) =>
    approvedArguments ? { ...proposed, arguments: approvedArguments } : proposed,
  );
  const judged = await judgeInOrder(look, run, { actions, isPlan: true });
  return judged.map(({ action: { assessment, effect, reasons, approvalLevel }, reading }) => ({
    judged: { assessment, effect, reasons, approvalLevel },
    ...(reading?.rowsToTry === undefined ? {} : { rowsToTry: reading.rowsToTry }),
  }));
}

/** Steps with what was found out about them. */
export function stepsOf(steps: readonly UnjudgedStep[], judgments: readonly StepJudgment[]): readonly PlanStep[] {
  return steps.map((step, at) => ({ ...step, judged: judgments[at]?.judged ?? unjudged, state: { status: "open" } }));
}

/** What could not be judged is denied. */
const unjudged: JudgedStep = {
  assessment: null,
  effect: "deny",
  reasons: [{ step: "risk", sentence: "It was not judged." }],
  approvalLevel: "required",
};

/** A plan with these steps, and what follows from them: what it is as a whole, the proof it needs, what an approval is bound to. */
export function withSteps<P extends Pick<Plan, "agent" | "runId">>(
  plan: P,
  steps: readonly PlanStep[],
): P & Pick<Plan, "steps" | "whole" | "level" | "digest"> {
  const { agent, runId } = plan;
  return { ...plan, steps, whole: wholeOf(steps), level: planLevel(steps), digest: planDigest({ agent, runId, steps }) };
}
