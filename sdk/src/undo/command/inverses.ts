import { sentenceOf } from "./describe.js";
import type { Asking } from "./family.js";
import type { Place, Inverse, SeenChange, SeenThing } from "./observations.js";
import { familyOf } from "./places.js";
import { shownCall } from "./run-program.js";

/** How each of some changes can be taken back, as their family would now (E23). */
export async function inversesOf(place: Place, changes: readonly SeenChange[], asking: Asking): Promise<Map<string, Inverse>> {
  const backwards = changes.toReversed().map(({ name, before, after }) => ({ name, from: after, to: before }));
  try {
    const { steps, cannot } = await familyOf(place).ways(place.at, backwards, asking);
    const found = steps.flatMap(({ changes: own, calls }) =>
      own.map(({ name }): [string, Inverse] => [name, { runs: calls.map(shownCall), cannot: null }]),
    );
    return new Map([...found, ...cannot.map(({ name, sentence }): [string, Inverse] => [name, { runs: [], cannot: sentence }])]);
  } catch (error) {
    return new Map(changes.map(({ name }) => [name, { runs: [], cannot: sentenceOf(error) }]));
  }
}

/** Of a thing's changes, oldest first: what takes all of them back. */
export function inverseOfAll(changes: readonly SeenThing[]): Inverse {
  const inverses = changes.toReversed().flatMap(({ inverse }) => (inverse ? [inverse] : []));
  return {
    runs: [...new Set(inverses.flatMap(({ runs }) => runs))],
    cannot: inverses.find(({ cannot }) => cannot !== null)?.cannot ?? null,
  };
}
