import type { Plan, PlanStep, RowsPreview } from "@pullcord/sdk/protocol";
import type { KeptDatabase, KeptRows, Reading } from "../reading.js";
import { withoutPromise } from "../rows-preview.js";
import { wholeOf } from "./plan.js";

/** Most steps of a plan whose rows are previewed: each is a trial, and a person reads them one by one. */
export const mostPreviewedSteps = 20;

/** A step whose rows are about to be previewed. */
export interface StepToPreview {
  readonly number: number;
  readonly rows: readonly KeptRows[];
  /** As `PlanStep.rowsWithout`. */
  readonly without: readonly number[];
}

/** What people are shown of a step's rows. */
export interface PreviewedStep extends Pick<StepToPreview, "number" | "without"> {
  readonly rows: RowsPreview;
}

/** Steps that change rows which can be tried, in their order, and which steps ahead change the same database; none of what is denied. */
export function stepsToPreview(
  steps: readonly (Pick<PlanStep, "number" | "judged"> & { readonly rowsToTry: Reading["rowsToTry"] | undefined })[],
): readonly StepToPreview[] {
  const ahead = new Map<string, readonly number[]>();
  return steps.flatMap(({ number, judged, rowsToTry: rows }) => {
    if (judged.effect === "deny" || rows === undefined || "why" in rows) return [];
    const places = [...new Set(rows.map(({ database }) => placeOf(database)))];
    const without = [...new Set(places.flatMap((place) => ahead.get(place) ?? []))].toSorted((one, other) => one - other);
    for (const place of places) ahead.set(place, [...(ahead.get(place) ?? []), number]);
    return [{ number, rows, without }];
  });
}

function placeOf(database: KeptDatabase): string {
  return database.dialect === "sqlite" ? `file ${database.path}` : `name ${database.name}`;
}

/**
 * A plan as people see it, with what is known of its steps' rows. Where these could not be tried, nothing promises any more
 * that they go back: neither the step nor the plan as a whole. Its digest stays that of the plan on record.
 */
export function withStepRows(plan: Plan, previewed: readonly PreviewedStep[]): Plan {
  if (previewed.length === 0) return plan;
  const steps = plan.steps.map((step): PlanStep => {
    const found = previewed.find(({ number }) => number === step.number);
    if (!found) return step;
    const { rows, without } = found;
    return { ...step, judged: withoutPromise(step.judged, rows), rows, ...(without.length > 0 && { rowsWithout: without }) };
  });
  return { ...plan, steps, whole: wholeOf(steps) };
}
