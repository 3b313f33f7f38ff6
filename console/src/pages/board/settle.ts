import type { RunSummary } from "@pullcord/sdk/protocol";
import { useState } from "react";
import { groupOf, groups, type Group } from "./groups.js";

interface Place {
  readonly id: string;
  readonly group: Group;
}

/**
 * The board's order. While the pointer or the focus is on it nothing moves: rows change in place,
 * and what would have moved is counted.
 */
export function useArranged(runs: readonly RunSummary[], still: boolean, now: number) {
  const wanted = arrange(runs, now);
  const [held, setHeld] = useState<readonly Place[]>(wanted);
  const moved = differences(held, wanted);
  if (moved > 0 && !still) setHeld(wanted);
  const places = still ? held : wanted;
  const byId = new Map(runs.map((run) => [run.id, run]));
  const arranged = new Map<Group, readonly RunSummary[]>(
    groups.map((group) => [group, places.filter((place) => place.group === group).flatMap((place) => byId.get(place.id) ?? [])]),
  );
  return { arranged, moved: still ? moved : 0, settle: () => setHeld(wanted) };
}

export function arrange(runs: readonly RunSummary[], now: number): readonly Place[] {
  const places = runs.flatMap((run) => {
    const group = groupOf(run, now);
    return group ? [{ run, group }] : [];
  });
  const newest = (a: { run: RunSummary }, b: { run: RunSummary }) => b.run.openedAt - a.run.openedAt;
  return groups.flatMap((group) =>
    places
      .filter((place) => place.group === group)
      .toSorted(newest)
      .map(({ run }) => ({ id: run.id, group })),
  );
}

function differences(held: readonly Place[], wanted: readonly Place[]): number {
  const before = new Map(held.map((place) => [place.id, place.group]));
  const changed = wanted.filter((place) => before.get(place.id) !== place.group).length;
  const gone = held.filter((place) => !wanted.some((next) => next.id === place.id)).length;
  return changed + gone;
}
