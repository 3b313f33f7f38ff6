import type { Family, ThingChange, Things } from "./family.js";
import type { SeenChange } from "./observations.js";

interface TakenBack {
  readonly wanted: readonly ThingChange[];
  /** What stays, and why. */
  readonly left: readonly { readonly name: string; readonly sentence: string }[];
}

/**
 * From how things stand to how they stood before some changes, the last change first. A thing that stands as nobody of the
 * run left it was changed by somebody else, and stays (threats, R27).
 * What was changed last comes first: it may hold on to what was changed before.
 * @param standing how things stand now, or why that is not known
 * @param isStill as its family says
 */
export function takeBackThings(
  changes: readonly SeenChange[],
  standing: Things | string,
  isStill: Family["isStill"] = () => false,
): TakenBack {
  const byName = Map.groupBy(changes.toReversed(), ({ name }) => name);
  if (typeof standing === "string") return { wanted: [], left: [...byName.keys()].map((name) => ({ name, sentence: standing })) };
  const wanted: ThingChange[] = [];
  const left: { name: string; sentence: string }[] = [];
  for (const [name, own] of byName) {
    const now = standing.get(name) ?? null;
    let to = now;
    for (const { before, after } of own) {
      if (to === before) continue;
      if (to !== after && !(before === null && to !== null && after !== null && isStill(after, to))) {
        left.push({ name, sentence: now === null ? "Somebody removed it since." : `Somebody changed it since: ${now}.` });
        break;
      }
      to = before;
    }
    if (to !== now) wanted.push({ name, from: now, to });
  }
  return { wanted, left };
}
