/** Of values in rising order, the one that the given share (0 to 1) does not exceed, by nearest rank; undefined of none. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
