/** Lines `[oldStart, oldEnd)` of the old text became lines `[newStart, newEnd)` of the new one. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Most lines added and removed that are told apart one by one; beyond that the changed middle counts as replaced whole. */
const mostEdits = 2_000;
/** Steps of comparing two texts, about 30 ms: long texts of lines that are alike take more for each edit. The same beyond that. */
const mostSteps = 4_000_000;

/** The lines of a text, each with its line end. */
export function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** What changed between two texts, first hunk first (Myers 1986, "An O(ND) difference algorithm"). */
export function hunksBetween(old: readonly string[], now: readonly string[]): Hunk[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let [oldEnd, newEnd] = [old.length, now.length];
  while (oldEnd > start && newEnd > start && old[oldEnd - 1] === now[newEnd - 1]) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  if (start === oldEnd && start === newEnd) return [];
  const middle = editsBetween(old.slice(start, oldEnd), now.slice(start, newEnd));
  return middle.map((hunk) => ({
    oldStart: hunk.oldStart + start,
    oldEnd: hunk.oldEnd + start,
    newStart: hunk.newStart + start,
    newEnd: hunk.newEnd + start,
  }));
}

function editsBetween(old: readonly string[], now: readonly string[]): Hunk[] {
  const trail = furthestReaches(old, now);
  if (trail === null) return [{ oldStart: 0, oldEnd: old.length, newStart: 0, newEnd: now.length }];
  const hunks: Hunk[] = [];
  let [x, y] = [old.length, now.length];
  for (let edits = trail.length - 1; edits > 0; edits -= 1) {
    const before = trail[edits - 1] as Reach;
    const diagonal = x - y;
    const isAdded = diagonal === -edits || (diagonal !== edits && before.at(diagonal - 1) < before.at(diagonal + 1));
    const fromX = before.at(isAdded ? diagonal + 1 : diagonal - 1);
    const fromY = fromX - (isAdded ? diagonal + 1 : diagonal - 1);
    prepend(hunks, { oldStart: fromX, oldEnd: isAdded ? fromX : fromX + 1, newStart: fromY, newEnd: isAdded ? fromY + 1 : fromY });
    [x, y] = [fromX, fromY];
  }
  return hunks;
}

/** How far along each diagonal one gets with so many edits. */
class Reach {
  readonly #furthest: Int32Array;
  readonly #edits: number;
  constructor(edits: number) {
    this.#edits = edits + 1;
    this.#furthest = new Int32Array(2 * edits + 3).fill(-1);
  }
  at(diagonal: number): number {
    return this.#furthest[diagonal + this.#edits] ?? -1;
  }
  set(diagonal: number, x: number): void {
    this.#furthest[diagonal + this.#edits] = x;
  }
}

function furthestReaches(old: readonly string[], now: readonly string[]): Reach[] | null {
  const trail: Reach[] = [];
  let steps = 0;
  for (let edits = 0; edits <= Math.min(old.length + now.length, mostEdits); edits += 1) {
    const reach = new Reach(edits);
    const before = trail[edits - 1];
    trail.push(reach);
    if (steps > mostSteps) return null;
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = 0;
      if (before) {
        const isAdded = diagonal === -edits || (diagonal !== edits && before.at(diagonal - 1) < before.at(diagonal + 1));
        x = isAdded ? before.at(diagonal + 1) : before.at(diagonal - 1) + 1;
      }
      const from = x;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      steps += 1 + x - from;
      reach.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return trail;
    }
  }
  return null;
}

/** Puts a hunk before the others, as one with the next where they touch. */
function prepend(hunks: Hunk[], hunk: Hunk): void {
  const [next] = hunks;
  if (next && hunk.oldEnd === next.oldStart && hunk.newEnd === next.newStart) {
    hunks[0] = { ...hunk, oldEnd: next.oldEnd, newEnd: next.newEnd };
  } else hunks.unshift(hunk);
}
