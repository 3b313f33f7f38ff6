import type { PathChange } from "../../protocol/index.js";
import type { BeyondFiles } from "../kind.js";
import { unifiedDiff } from "../unified-diff.js";
import type { Step, ThingChange } from "./family.js";
import { masked } from "./masked.js";
import type { Place, SeenThing } from "./observations.js";
import { familyOf, namedPlace, pathOf } from "./places.js";
import type { CommandJournal } from "./steps.js";

/** Things that a step would change, with why it may not. */
export function refusedThings({ changes }: Step, why: string | undefined): CommandJournal["left"] {
  return why === undefined ? [] : changes.map(({ name }) => ({ name, sentence: masked(why) }));
}

interface Showing {
  readonly runs?: readonly string[];
  /** Why it can't be taken back. */
  readonly cannot?: string | null;
  readonly actionIds?: readonly string[];
}

export function shownChange(
  place: Place,
  { name, from, to }: ThingChange,
  { runs = [], cannot = null, actionIds = [] }: Showing,
): PathChange {
  const kind = from === null ? "added" : to === null ? "removed" : "changed";
  const isLong = [from, to].some((state) => state?.includes("\n") === true);
  const states = isLong ? "the whole text" : from === null || to === null ? `${from ?? to}` : `${from} becomes ${to}`;
  const { compensation } = familyOf(place);
  const way = cannot === null ? (compensation ?? "") : `no way back: ${cannot}`;
  const sentence = way === "" ? states : `${states}; ${way}`;
  const diff = isLong ? unifiedDiff(from ?? "", to ?? "") : null;
  return { of: "command", path: pathOf(place, name), kind, sentence: masked(sentence), diff: diff && masked(diff), runs, actionIds };
}

/** What an undo can't take back of an action, by what was seen of it. */
export function accountOf(
  { isAll, places }: { readonly isAll: boolean; readonly places: readonly Place[] },
  { changes, trouble }: { readonly changes: readonly SeenThing[]; readonly trouble: readonly string[] },
): Pick<BeyondFiles, "notKept" | "stays"> {
  const names = places.map(namedPlace).join(", ");
  if (trouble.length > 0) return { notKept: trouble.join("; "), stays: true };
  if (changes.length === 0) return { notKept: `nothing was seen to change in ${names}` };
  const stay = changes.flatMap(({ name, inverse }) => (inverse?.cannot ? [`${name}: ${inverse.cannot}`] : []));
  if (stay.length > 0) return { notKept: masked(stay.join(" ")), stays: true };
  return { notKept: isAll ? null : `undo takes back what changed in ${names}, not what else it did` };
}

export function sentenceOf(error: unknown): string {
  return masked(error instanceof Error ? error.message : String(error));
}
