import { isFolder, isSame, modeOf, type Change, type Standing } from "./entry.js";

/** One step of a restore: at this path, what stands before it and after it. */
export type Operation = Change;

/** What a folder needs for its owner to open it, and to change what is in it. */
const workable = 0o700;

/**
 * The steps that make a plan's changes, in an order in which each is possible: files away, folders away (deepest first),
 * folders made, files put, modes of folders set last, but for those that must first be opened up to work in.
 */
export function operationsFor(changes: readonly Change[]): Operation[] {
  const steps = changes.flatMap(split);
  const rank = (step: Operation) => ranks.findIndex((applies) => applies(step));
  const depth = ({ path }: Operation) => path.split("/").length;
  const outwards = (step: Operation) => (deepestFirst.has(rank(step)) ? -depth(step) : depth(step));
  return steps.toSorted((one, other) => rank(one) - rank(other) || outwards(one) - outwards(other) || (one.path < other.path ? -1 : 1));
}

/** Where one kind of thing takes another's place, the one goes before the other comes. A new folder is closed last. */
function split({ path, before, after }: Change): Operation[] {
  if (before !== null && after !== null && isFolder(before) !== isFolder(after)) {
    return [{ path, before, after: null }, ...split({ path, before: null, after })];
  }
  if (before === null && isFolder(after)) {
    const open: Standing = { kind: "folder", mode: after.mode | 0o700 };
    return isSame(open, after)
      ? [{ path, before, after }]
      : [
          { path, before, after: open },
          { path, before: open, after },
        ];
  }
  return [{ path, before, after }];
}

const isOpening = ({ before, after }: Operation) =>
  isFolder(before) && isFolder(after) && ((modeOf(after) ?? 0) & ~(modeOf(before) ?? 0) & workable) !== 0;

const ranks: readonly ((step: Operation) => boolean)[] = [
  isOpening,
  ({ before, after }) => !isFolder(before) && after === null,
  ({ before, after }) => isFolder(before) && after === null,
  ({ before, after }) => before === null && isFolder(after),
  ({ after }) => !isFolder(after),
  () => true,
];
/** Folders are emptied from within, and closed from within. */
const deepestFirst = new Set([2, 5]);
