import { sentenceOf } from "./describe.js";
import type { Machine } from "./family.js";
import type { Place, Revert, SeenChange, SeenThing } from "./observations.js";
import { familyOf } from "./places.js";
import { shownCall } from "./run-program.js";

/** How each of some changes can be taken back, as their family would now (E23). */
export async function revertsOf(place: Place, changes: readonly SeenChange[], machine: Machine): Promise<Map<string, Revert>> {
  const backwards = changes.map(({ name, before, after }) => ({ name, from: after, to: before }));
  try {
    const { steps, cannot } = await familyOf(place).ways(place.at, backwards, machine);
    const found = steps.flatMap(({ changes: own, calls }) =>
      own.map(({ name }): [string, Revert] => [name, { runs: calls.map(shownCall), cannot: null }]),
    );
    return new Map([...found, ...cannot.map(({ name, sentence }): [string, Revert] => [name, { runs: [], cannot: sentence }])]);
  } catch (error) {
    return new Map(changes.map(({ name }) => [name, { runs: [], cannot: sentenceOf(error) }]));
  }
}

/** Of a thing's changes, oldest first: what takes all of them back. */
export function revertOfAll(changes: readonly SeenThing[]): Revert {
  const reverts = changes.toReversed().flatMap(({ revert }) => (revert ? [revert] : []));
  return {
    runs: [...new Set(reverts.flatMap(({ runs }) => runs))],
    cannot: reverts.find(({ cannot }) => cannot !== null)?.cannot ?? null,
  };
}
