import type { RunCounters } from "../facts.js";
import type { Reading } from "../reading.js";

/** Files changed once an action ran, and how many of them the run had not changed before. */
export function filesAfter(reading: Reading, counters: RunCounters): { readonly files: number; readonly more: number } {
  const { writes, deletes } = reading.assessment.affected;
  const more = Math.max(0, writes.count + deletes.count - touchedAgain(reading, counters));
  return { files: counters.filesTouched + more, more };
}

/** How many of the files that an action changes the run has changed before. */
export function touchedAgain({ writes, deletes }: Reading, { isTouched, touchedAgain: counted }: RunCounters): number {
  return counted ?? [...writes, ...deletes].filter((path) => path !== null && isTouched?.(path)).length;
}
