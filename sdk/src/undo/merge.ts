import { hunksBetween, type Hunk } from "./lines.js";

interface Sides {
  readonly base: readonly string[];
  /** What a person made of the base. */
  readonly mine: readonly string[];
  /** What undo would make of it. */
  readonly theirs: readonly string[];
}

/**
 * Merges two changes of one text, line by line (Khanna, Kunal, Pierce 2007, "A formal investigation of diff3").
 * Null where they touch the same or neighbouring lines in different ways: nobody may guess then (threats, R27).
 */
export function mergeLines({ base, mine, theirs }: Sides): string[] | null {
  const [own, other] = [hunksBetween(base, mine), hunksBetween(base, theirs)];
  const merged: string[] = [];
  let at = 0;
  while (own.length > 0 || other.length > 0) {
    const [first, second] = [own[0], other[0]];
    if (first && second && meets(first, second)) {
      if (!isSame(first, second, { mine, theirs })) return null;
      other.shift();
      at = take(merged, { base, side: mine, at, hunk: own.shift() as Hunk });
    } else if (first && (!second || first.oldStart < second.oldStart)) {
      at = take(merged, { base, side: mine, at, hunk: own.shift() as Hunk });
    } else {
      at = take(merged, { base, side: theirs, at, hunk: other.shift() as Hunk });
    }
  }
  return [...merged, ...base.slice(at)];
}

/** Overlapping or right beside each other. */
function meets(one: Hunk, other: Hunk): boolean {
  return one.oldStart <= other.oldEnd && other.oldStart <= one.oldEnd;
}

function isSame(one: Hunk, other: Hunk, { mine, theirs }: Pick<Sides, "mine" | "theirs">): boolean {
  if (one.oldStart !== other.oldStart || one.oldEnd !== other.oldEnd) return false;
  const [left, right] = [mine.slice(one.newStart, one.newEnd), theirs.slice(other.newStart, other.newEnd)];
  return left.length === right.length && left.every((line, index) => line === right[index]);
}

interface Taking {
  readonly base: readonly string[];
  readonly side: readonly string[];
  /** The line of the base that comes next. */
  readonly at: number;
  readonly hunk: Hunk;
}

function take(merged: string[], { base, side, at, hunk }: Taking): number {
  for (const line of base.slice(at, hunk.oldStart)) merged.push(line);
  for (const line of side.slice(hunk.newStart, hunk.newEnd)) merged.push(line);
  return hunk.oldEnd;
}
