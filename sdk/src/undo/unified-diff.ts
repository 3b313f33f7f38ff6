import { hunksBetween, linesOf, type Hunk } from "./lines.js";

/** Unchanged lines shown around a change. */
const context = 3;

/** The hunks of a unified diff, without file names; empty for equal texts. */
export function unifiedDiff(before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  return groups(hunksBetween(old, now))
    .map((group) => hunkText(group, old, now))
    .join("");
}

/** Hunks whose surroundings overlap are shown as one. */
function groups(hunks: readonly Hunk[]): Hunk[][] {
  const found: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = found.at(-1);
    const end = last?.at(-1)?.oldEnd;
    if (last && end !== undefined && hunk.oldStart - end <= 2 * context) last.push(hunk);
    else found.push([hunk]);
  }
  return found;
}

function hunkText(group: readonly Hunk[], old: readonly string[], now: readonly string[]): string {
  const [first, last] = [group[0] as Hunk, group.at(-1) as Hunk];
  const start = Math.max(0, first.oldStart - context);
  const end = Math.min(old.length, last.oldEnd + context);
  const newStart = first.newStart - (first.oldStart - start);
  // A file may be nothing but line ends: more lines than a call takes arguments.
  const marked = (mark: string, side: readonly string[]) => side.map((line) => `${mark}${line}`);
  const between = (index: number) => (index === 0 ? start : (group[index - 1] as Hunk).oldEnd);
  const changed = group.flatMap((hunk, index) => [
    marked(" ", old.slice(between(index), hunk.oldStart)),
    marked("-", old.slice(hunk.oldStart, hunk.oldEnd)),
    marked("+", now.slice(hunk.newStart, hunk.newEnd)),
  ]);
  const lines = [...changed, marked(" ", old.slice(last.oldEnd, end))].flat();
  const newLength = lines.filter((line) => !line.startsWith("-")).length;
  const range = (from: number, length: number) => `${length === 0 ? from : from + 1},${length}`;
  const ended = lines.map((line) => (line.endsWith("\n") ? line : `${line}\n\\ No newline at end of file\n`));
  return `@@ -${range(start, end - start)} +${range(newStart, newLength)} @@\n${ended.join("")}`;
}
