/** The known word that is most like another; null when none is close. */
export function nearest(word: string, known: readonly string[]): string | null {
  const furthest = Math.max(2, Math.floor(word.length / 3));
  const [best] = known.map((one) => ({ one, distance: editDistance(word.toLowerCase(), one) })).sort((a, b) => a.distance - b.distance);
  return best && best.distance <= furthest ? best.one : null;
}

/** Levenshtein's distance, a row at a time; only the start of a long word counts. */
function editDistance(from: string, to: string): number {
  const longest = 64;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < Math.min(from.length, longest); index++) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[index] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
