import { useState } from "react";

interface Steady<Item> {
  /** In the order they were first shown in, with what is known of them now. */
  readonly shown: readonly Item[];
  /** How many wait to be let in. */
  readonly arrived: number;
  readonly letIn: () => void;
}

interface Identified {
  readonly id: string;
}

/**
 * Keeps a list still under the pointer: rows stay where they are until the person lets new ones in.
 * A row that is gone from the list stays, as it was last known, so that nothing slides. A list without a living row fills by itself.
 */
export function useSteady<Item extends Identified>(items: readonly Item[] | undefined): Steady<Item> {
  const [held, setHeld] = useState<readonly Item[]>([]);
  if (items && items.length > 0 && !items.some((item) => held.some((known) => known.id === item.id))) setHeld(items);
  const merged = mergeSteady(held, items ?? []);
  return { shown: merged.shown, arrived: merged.arrived, letIn: () => setHeld(items ?? []) };
}

/** Pure part: known rows renewed in place, others counted. */
export function mergeSteady<Item extends Identified>(held: readonly Item[], items: readonly Item[]) {
  const fresh = new Map(items.map((item) => [item.id, item]));
  const shown = held.map((item) => fresh.get(item.id) ?? item);
  const known = new Set(held.map((item) => item.id));
  return { shown, arrived: items.filter((item) => !known.has(item.id)).length };
}
