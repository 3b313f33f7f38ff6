import type { Decision, Plan, RowsPreview } from "@pullcord/sdk/protocol";
import { mostPreviewedSteps, stepsToPreview, withStepRows, type PreviewedStep, type StepToPreview } from "../domain/plans/rows.js";
import { countedRows, hiddenBy, unlessStale } from "../domain/rows-preview.js";
import type { StandingPlan } from "../domain/snapshots.js";
import { appendEntry } from "../store/audit.js";
import { beginPlanRows, findPlanRows, removePlanRows, savePlanRows } from "../store/plan-rows-previews.js";
import { findPlan } from "../store/plans.js";
import type { StoredRun } from "../store/runs.js";
import type { Reader } from "../store/transaction.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import type { StepJudgment } from "./judge-plan.js";
import { withTimeLeft } from "./time-left.js";

/**
 * Has the rows previewed that the steps of a plan would change, once it is on record as it stands (E36): each step by
 * itself, on the database as it is. What was shown of how it stood before is gone.
 */
export async function previewRowsOfPlan(
  { tx, now, outside, afterCommit }: CommandContext,
  run: StoredRun,
  { plan, judgments }: { readonly plan: Plan; readonly judgments: readonly StepJudgment[] },
): Promise<void> {
  const { id: planId, digest, agent, steps } = plan;
  const wanted = stepsToPreview(steps.map((step, at) => ({ ...step, rowsToTry: judgments[at]?.rowsToTry })));
  const previewed = wanted.map(({ rows, ...step }, at): PreviewedStep => {
    const hidden = at < mostPreviewedSteps ? hiddenBy(outside.policy(), rows) : tooMany;
    return { ...step, rows: hidden === null ? { status: "trying" } : { status: "untried", why: hidden } };
  });
  await beginPlanRows(tx, planId, { digest, at: now, steps: previewed });
  const workingDirectory = run.opening.workingDirectory ?? null;
  const questions = wanted.filter((_, at) => isTrying(previewed[at])).map(({ rows }: StepToPreview) => ({ rows, workingDirectory }));
  if (questions.length > 0) afterCommit(() => outside.previewRows({ agent, of: { kind: "plan", planId, digest, at: now }, questions }));
}

const tooMany = `Of a plan, rows of the first ${mostPreviewedSteps} steps that change some are previewed.`;

function isTrying(step: PreviewedStep | undefined): boolean {
  return step?.rows.status === "trying";
}

/** Whether it still waits, as it was when its rows were asked for. */
export async function isPlanRowsWanted(reader: Reader, { planId, digest, at }: StandingPlan): Promise<boolean> {
  const [plan, kept] = [await findPlan(reader, planId), await findPlanRows(reader, planId)];
  return plan?.status === "pending" && kept?.digest === digest && kept.at === at;
}

interface PreviewedPlan extends StandingPlan {
  /** One for each step that was to be tried. */
  readonly previews: readonly RowsPreview[];
}

/**
 * Puts what was tried beside the plan, only while it waits as it stood: what nobody was shown is no part of what they
 * approved. The entry has no run, since a run's agent hears of all that its run's entries say.
 */
export const recordPlanRows: Command<PreviewedPlan, void> = async ({ tx, now, actor }, { previews, ...standing }) => {
  const { planId, digest, at } = standing;
  const kept = await findPlanRows(tx, planId);
  if (!kept || !(await isPlanRowsWanted(tx, standing))) return kept?.at === at ? removePlanRows(tx, planId) : undefined;
  const left = [...previews];
  const steps = kept.steps.map((step) => (isTrying(step) ? { ...step, rows: left.shift() ?? step.rows } : step));
  await savePlanRows(tx, planId, { digest, at, steps });
  const body = { plan: planId, steps: steps.map(({ number, rows }) => ({ number, status: rows.status })) };
  await appendEntry(tx, { type: "plan.previewed", at: now, actor, body });
};

/** A plan as people see it: with the time it has left, and with what is known of its rows; in a list, counted only. */
export async function planForPeople(
  look: Pick<LookContext, "tx" | "now" | "outside">,
  stored: Plan,
  { isListed = false } = {},
): Promise<Plan> {
  const plan = await withTimeLeft(look, stored);
  const steps = await stepRowsOf(look, plan);
  return withStepRows(plan, isListed ? steps.map((step) => ({ ...step, rows: countedRows(step.rows) })) : steps);
}

/** What people were shown of the rows of a plan's step, where the plan is why its action runs. */
export async function rowsOfStep(
  look: Pick<LookContext, "tx" | "now">,
  { plan: planId, number }: NonNullable<Decision["planStep"]>,
): Promise<RowsPreview | undefined> {
  const plan = await findPlan(look.tx, planId);
  const steps = plan ? await stepRowsOf(look, plan) : [];
  return steps.find((step) => step.number === number)?.rows;
}

async function stepRowsOf({ tx, now }: Pick<LookContext, "tx" | "now">, { id, digest }: Plan): Promise<readonly PreviewedStep[]> {
  const kept = await findPlanRows(tx, id);
  if (kept?.digest !== digest) return [];
  return kept.steps.map((step) => ({ ...step, rows: unlessStale(step.rows, now - kept.at) }));
}
