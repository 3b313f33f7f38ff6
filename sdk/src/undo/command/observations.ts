import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { hash } from "node:crypto";
import { Journals } from "../journals.js";
import { JsonLines } from "../json-lines.js";
import type { ActionKey } from "../kind.js";
import type { Things } from "./family.js";
import { ownerOnlyFolder } from "../owner-only.js";

/** Where commands leave their effects: npm's global packages, the branches of a remote. */
export interface Place {
  readonly family: string;
  /** Read by its family alone. */
  readonly at: readonly string[];
}

/** How a change can be taken back, put down right after it was seen (E23). */
export interface Inverse {
  /** What an undo runs for it, as people are shown it. */
  readonly runs: readonly string[];
  /** Why there is no way back; null where there is. */
  readonly cannot: string | null;
}

/** A thing that was seen to change, with the actions that were under way there. */
export interface SeenThing {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly by: readonly ActionKey[];
  /** Absent where nobody of a run did it. */
  readonly inverse?: Inverse;
}

/** A change before anybody is known to have done it. */
export type SeenChange = Omit<SeenThing, "by" | "inverse">;

export interface Noting {
  readonly at: number;
  readonly by: readonly ActionKey[];
  readonly inversesOf: (changes: readonly SeenChange[]) => Promise<ReadonlyMap<string, Inverse>>;
}

export type Observation =
  | {
      readonly kind: "began";
      readonly at: number;
      readonly action: ActionKey;
      readonly places: readonly Place[];
      /** Whether no other command of the action has effects beyond files. */
      readonly isAll: boolean;
      /** Why a place could not be looked at. */
      readonly trouble: readonly string[];
    }
  | { readonly kind: "observed"; readonly at: number; readonly place: Place; readonly changes: readonly SeenThing[] }
  | { readonly kind: "ended"; readonly at: number; readonly action: ActionKey; readonly trouble: readonly string[] };

interface KeptPlace {
  readonly id: string;
  readonly place: Place;
  readonly things: readonly (readonly [name: string, state: string])[];
}

/** What was seen in the places that commands change: in order, and how each stood at the last look. */
export class Observations {
  readonly #lines: JsonLines<Observation>;
  readonly #places: Journals<KeptPlace>;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    this.#lines = new JsonLines(join(folder, "observations.jsonl"));
    this.#places = new Journals(join(folder, "places"));
  }

  all(): Observation[] {
    return this.#lines.all();
  }

  append(line: Observation): void {
    this.#lines.append(line);
  }

  /** Notes how a place stands. What changed since the last look is the doing of those under way; of nobody known, if none is. */
  async note(place: Place, things: Things, { at, by, inversesOf }: Noting): Promise<void> {
    const kept = this.#places.read(placeId(place));
    // A place that is looked at for the first time has no past.
    const seen = kept === null ? [] : changesBetween(new Map(kept.things), things);
    const inverses = seen.length === 0 || by.length === 0 ? null : await inversesOf(seen);
    const changes = seen.map((change): SeenThing => {
      const inverse = inverses?.get(change.name);
      return { ...change, by, ...(inverse && { inverse }) };
    });
    // First what changed: after a crash in between the same is seen again, and that does no harm.
    if (changes.length > 0) this.#lines.append({ kind: "observed", at, place, changes });
    if (kept === null || changes.length > 0) this.#places.write({ id: placeId(place), place, things: [...things] });
  }

  drop(olderThan: number): void {
    this.#lines.replace(this.all().filter(({ at }) => at >= olderThan));
    this.#places.drop(olderThan, () => true);
  }
}

function placeId({ family, at }: Place): string {
  return hash("sha256", JSON.stringify([family, at])).slice(0, 32);
}

export function isSamePlace(one: Place, other: Place): boolean {
  return placeId(one) === placeId(other);
}

function changesBetween(before: Things, after: Things): SeenChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [old, now] = [before.get(name) ?? null, after.get(name) ?? null];
    return old === now ? [] : [{ name, before: old, after: now }];
  });
}
