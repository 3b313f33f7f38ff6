import type { Intervention, StopDay, StopPercentiles, StopTimes } from "@pullcord/sdk/protocol";
import { percentile } from "./percentile.js";
import { askedAt } from "./stop-receipt.js";

/** How fast stops were, from the request on. Stops that met no run tell nothing and are left out. */
export function stopTimes(interventions: readonly Intervention[], period: { readonly from: number; readonly to: number }): StopTimes {
  const stops = interventions.filter(({ kind, runIds }) => kind === "stop" && runIds.length > 0);
  const ended = stops.flatMap((stop) => endedMs(stop) ?? []);
  return {
    ...period,
    stops: stops.length,
    unproven: stops.filter(isUnproven).length,
    acknowledgedMs: percentiles(stops.map((stop) => stop.at - askedAt(stop))),
    endedMs: percentiles(ended),
    days: daysOf(stops),
  };
}

function daysOf(stops: readonly Intervention[]): StopDay[] {
  const byDay = Map.groupBy(stops, ({ at }) => new Date(at).toISOString().slice(0, 10));
  return [...byDay]
    .map(([day, those]) => ({
      day,
      stops: those.length,
      unproven: those.filter(isUnproven).length,
      endedP99: percentiles(those.flatMap((stop) => endedMs(stop) ?? [])).p99,
    }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Until the last of its runs was seen to be gone; null while one is not, or may not be. */
function endedMs(stop: Intervention): number | null {
  const ends = stop.runIds.map((runId) => stop.effects.findLast((effect) => effect.runId === runId && effect.step === "ended")?.at);
  const last = Math.max(...ends.map((at) => at ?? Infinity));
  return isUnproven(stop) || last === Infinity ? null : last - askedAt(stop);
}

function isUnproven({ effects }: Intervention): boolean {
  return effects.some(({ step }) => step === "unproven");
}

function percentiles(values: readonly number[]): StopPercentiles {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5) ?? null, p99: percentile(sorted, 0.99) ?? null };
}
