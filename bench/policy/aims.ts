/** What issue 4 asks of policies, said once. */
export const aims = {
  /** The most rules that are measured, for decisions as for swaps. */
  rules: 10_000,
  /** One decision by that many rules, in microseconds. */
  decisionUs: 10,
  /** The most that so many rules may take of what a hundredth of them takes. */
  growth: 2,
  /** What any decision may wait while such a policy is swapped, in milliseconds. */
  waitMs: 50,
  /** A backtest of so many recorded actions, in seconds. */
  backtest: { actions: 100_000, seconds: 60 },
} as const;

/** The aim, what was measured, and whether it was reached: the table at the end of each section. */
export function aimTable(rows: readonly { readonly aim: string; readonly measured: string; readonly isReached: boolean }[]): string {
  return [
    "| aim | measured | |",
    "|---|---:|---|",
    ...rows.map(({ aim, measured, isReached }) => `| ${aim} | ${measured} | ${isReached ? "reached" : "not reached"} |`),
  ].join("\n");
}
