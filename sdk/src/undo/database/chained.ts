import { identityOf } from "./session.js";
import { only, type RowStep } from "./step.js";

/**
 * Steps in their order, with those of one row that follow upon each other as one: taken back twice, after a crash, it finds
 * that it is done. Where somebody changed the row in between, they stay apart, so that nothing goes back past that.
 */
export function chained(steps: readonly RowStep[]): RowStep[] {
  const found: (RowStep | null)[] = [];
  const last = new Map<string, number>();
  for (const step of steps) {
    const name = `${step.table} ${identityOf(step.key)}`;
    const at = last.get(name);
    const older = at === undefined ? null : found[at];
    const one = older ? inOne(older, step) : null;
    if (one !== null && at !== undefined) found[at] = one;
    else last.set(name, found.push(step) - 1);
  }
  return found.flatMap((step) => {
    const less = step && changedOnly(step);
    return less ? [less] : [];
  });
}

/** @returns null where the newer one did not find what the older one left */
function inOne(older: RowStep, newer: RowStep): RowStep | null {
  const { before: first, after: left } = older;
  const { before: met, after: last } = newer;
  if ((left === null) !== (met === null)) return null;
  if (left !== null && met !== null && Object.entries(met).some(([column, value]) => column in left && left[column] !== value)) return null;
  return {
    ...newer,
    before: first === null ? null : { ...met, ...first },
    after: last === null ? null : { ...left, ...last },
  };
}

/** A change holds the columns that it changed, and only those; null where nothing is left of it. */
function changedOnly({ before, after, ...step }: RowStep): RowStep | null {
  if (before === null && after === null) return null;
  if (before === null || after === null) return { ...step, before, after };
  const columns = Object.keys(before).filter((column) => before[column] !== after[column]);
  return columns.length === 0 ? null : { ...step, before: only(before, columns), after: only(after, columns) };
}
