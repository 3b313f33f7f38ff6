import type { PathChange } from "../../protocol/index.js";
import { unifiedDiff } from "../unified-diff.js";
import type { Step, ThingChange } from "./family.js";
import { masked } from "./masked.js";
import type { Place } from "./observations.js";
import { namedPlace, pathOf } from "./places.js";
import type { CommandJournal } from "./steps.js";

/** Things that a step would change, with why it may not. */
export function refusedThings({ changes }: Step, why: string | null | undefined): CommandJournal["left"] {
  return why === null || why === undefined ? [] : changes.map(({ name }) => ({ name, sentence: masked(why) }));
}

interface Showing {
  readonly runs?: readonly string[];
  readonly actionIds?: readonly string[];
}

export function shownChange(place: Place, { name, from, to }: ThingChange, { runs = [], actionIds = [] }: Showing): PathChange {
  const kind = from === null ? "added" : to === null ? "removed" : "changed";
  const isLong = [from, to].some((state) => state?.includes("\n") === true);
  const sentence = isLong ? "the whole text" : from === null || to === null ? `${from ?? to}` : `${from} becomes ${to}`;
  const diff = isLong ? unifiedDiff(from ?? "", to ?? "") : null;
  return { of: "command", path: pathOf(place, name), kind, sentence: masked(sentence), diff: diff && masked(diff), runs, actionIds };
}

export function accountOf(
  { isAll, places }: { readonly isAll: boolean; readonly places: readonly Place[] },
  { hasChanged, trouble }: { readonly hasChanged: boolean; readonly trouble: readonly string[] },
): string | null {
  const names = places.map(namedPlace).join(", ");
  if (trouble.length > 0) return trouble.join("; ");
  if (!hasChanged) return `nothing was seen to change in ${names}`;
  return isAll ? null : `undo takes back what changed in ${names}, not what else it did`;
}

export function sentenceOf(error: unknown): string {
  return masked(error instanceof Error ? error.message : String(error));
}
