import type { Ending } from "./end-run.js";

/** What came of ending a run, in a sentence. Survivors' names are an agent's own text. */
export function endingWords({ ended, survivors, unknown, tookMs }: Ending): string {
  const processes = ended === 1 ? "1 process" : `${ended} processes`;
  const unknowns = unknown === 0 ? "" : ` Cannot prove: ${unknown} unknown.`;
  if (survivors.length > 0) return `${processes} ended in ${tookMs} ms. STILL THERE: ${survivors.join("; ")}.${unknowns}`;
  return `${processes} ended in ${tookMs} ms, none known to be left.${unknowns}`;
}
