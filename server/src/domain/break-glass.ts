import { breakGlassMaxMs, type BreakGlassReport, type BreakGlassUse } from "@pullcord/sdk/protocol";

const dayMs = 24 * 3_600_000;

/**
 * True while a use forces approval for a run. A program never breaks glass, and none lasts longer than
 * `breakGlassMaxMs`, whatever the record says.
 */
export function covers(use: BreakGlassUse, run: { readonly id: string; readonly agent: string }, now: number): boolean {
  if (use.by.kind !== "person") return false;
  const endsAt = Math.min(use.expiresAt, use.at + breakGlassMaxMs, use.endedAt ?? Infinity);
  if (!(now >= use.at && now < endsAt)) return false;
  const { scope } = use;
  return scope.kind === "everything" || (scope.kind === "run" && scope.id === run.id) || (scope.kind === "agent" && scope.id === run.agent);
}

/**
 * The rate of B6 over a window (from included, to excluded), by UTC day.
 * @param decisionsPerDay gated decisions by day, `2026-11-21`
 */
export function report(
  uses: readonly BreakGlassUse[],
  decisionsPerDay: ReadonlyMap<string, number>,
  window: { readonly from: number; readonly to: number },
): BreakGlassReport {
  const { from, to } = window;
  const usesPerDay = Map.groupBy(
    uses.filter((use) => use.at >= from && use.at < to),
    (use) => dayOf(use.at),
  );
  const days = daysOf(from, to).map((day) => ({
    day,
    uses: usesPerDay.get(day)?.length ?? 0,
    gatedDecisions: decisionsPerDay.get(day) ?? 0,
  }));
  const usesInAll = days.reduce((sum, day) => sum + day.uses, 0);
  const gatedDecisions = days.reduce((sum, day) => sum + day.gatedDecisions, 0);
  return { from, to, uses: usesInAll, gatedDecisions, rate: gatedDecisions === 0 ? 0 : usesInAll / gatedDecisions, days };
}

function daysOf(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = Math.floor(from / dayMs) * dayMs; at < to; at += dayMs) days.push(dayOf(at));
  return days;
}

/** The UTC day of a moment, `2026-11-21`. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
