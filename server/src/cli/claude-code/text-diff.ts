/** Unchanged lines shown around a change. */
const context = 2;
/** Longest file that is compared line by line; a longer one is shown as replaced. */
const mostLines = 4_000;

export interface DiffLine {
  readonly kind: "same" | "added" | "removed" | "skipped";
  readonly text: string;
}

/** The lines that differ, with a little around them. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  return shortened(old.length + now.length > mostLines ? replaced(old, now) : compared(old, now));
}

function compared(old: readonly string[], now: readonly string[]): DiffLine[] {
  // Lengths of the longest common subsequence of what is left from each pair of places on.
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  const at = (row: number, column: number) => longest[row]?.[column] ?? 0;
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = now.length - 1; column >= 0; column--) {
      const length = old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      (longest[row] as Uint16Array)[column] = length;
    }
  }
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < old.length || column < now.length) {
    if (row < old.length && column < now.length && old[row] === now[column]) {
      lines.push({ kind: "same", text: old[row] ?? "" });
      row++;
      column++;
    } else if (column >= now.length || (row < old.length && at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ kind: "removed", text: old[row++] ?? "" });
    } else {
      lines.push({ kind: "added", text: now[column++] ?? "" });
    }
  }
  return lines;
}

function replaced(old: readonly string[], now: readonly string[]): DiffLine[] {
  return [...old.map((text): DiffLine => ({ kind: "removed", text })), ...now.map((text): DiffLine => ({ kind: "added", text }))];
}

function shortened(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (index: number) => lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== "same");
  return lines.flatMap((line, index): DiffLine[] => {
    if (isNear(index)) return [line];
    return index > 0 && isNear(index - 1) ? [{ kind: "skipped", text: "…" }] : [];
  });
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return text.replace(/\n$/, "").split("\n");
}
