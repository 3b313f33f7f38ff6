import type { ThingChange, Things } from "./family.js";
import type { SeenChange } from "./observations.js";

interface TakenBack {
  readonly wanted: readonly ThingChange[];
  /** What stays, and why. */
  readonly left: readonly { readonly name: string; readonly sentence: string }[];
}

/**
 * From how things stand to how they stood before some changes, the last change first. A thing that stands as nobody of the
 * run left it was changed by somebody else, and stays (threats, R27).
 * @param standing how things stand now, or why that is not known
 */
export function takeBackThings(changes: readonly SeenChange[], standing: Things | string): TakenBack {
  const byName = Map.groupBy(changes, ({ name }) => name);
  if (typeof standing === "string") return { wanted: [], left: [...byName.keys()].map((name) => ({ name, sentence: standing })) };
  const wanted: ThingChange[] = [];
  const left: { name: string; sentence: string }[] = [];
  for (const [name, own] of byName) {
    const now = standing.get(name) ?? null;
    let to = now;
    for (const { before, after } of own.toReversed()) {
      if (to === before) continue;
      if (to !== after) {
        left.push({ name, sentence: now === null ? "Somebody removed it since." : `Somebody changed it since: ${now}.` });
        break;
      }
      to = before;
    }
    if (to !== now) wanted.push({ name, from: now, to });
  }
  return { wanted, left };
}
