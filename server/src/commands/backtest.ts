import { setImmediate } from "node:timers/promises";
import type { Backtest } from "@pullcord/sdk/protocol";
import { isSameOutcome, outcomeUnder } from "../domain/policy/backtest.js";
import { differenceOf, Differences } from "../domain/policy/differences.js";
import type { Policy } from "../domain/policy/policy.js";
import { isPolicys, type RecordedAction } from "../domain/recorded.js";
import { listDecided, oldestDecided, type HistoryCursor } from "../store/decided-facts.js";
import type { Reader } from "../store/transaction.js";

/** Actions read at a time: a few milliseconds, decisions between. */
const pageActions = 100;

/** The newest recorded actions, a page at a time; other work goes on between the pages. */
export async function* history(reader: Reader, most: number, signal?: AbortSignal): AsyncGenerator<RecordedAction> {
  let before: HistoryCursor | null = null;
  for (let left = most; left > 0;) {
    signal?.throwIfAborted();
    const page: Awaited<ReturnType<typeof listDecided>> = await listDecided(reader, { before, limit: Math.min(pageActions, left) });
    yield* page.items;
    left -= pageActions;
    if (!page.next) return;
    before = page.next;
    await setImmediate();
  }
}

/** Decides recorded actions again, by the policy in force and by another one. Nothing is written. */
export async function backtest(
  reader: Reader,
  { before, after }: { readonly before: Policy; readonly after: Policy },
  { most, signal }: { readonly most: number; readonly signal?: AbortSignal },
): Promise<Backtest> {
  const differences = new Differences();
  let [replayed, leftOut] = [0, 0];
  let [from, to]: (number | null)[] = [null, null];
  for await (const recorded of history(reader, most, signal)) {
    if (!isPolicys(recorded.action)) {
      leftOut += 1;
      continue;
    }
    const { at } = recorded.action.decision;
    replayed += 1;
    to ??= at;
    from = at;
    const [then, now] = [outcomeUnder(before, recorded), outcomeUnder(after, recorded)];
    if (!isSameOutcome(then, now)) differences.add(differenceOf(recorded, then, now));
  }
  return { replayed, leftOut, from: from ?? null, to: to ?? null, reachesBackTo: await oldestDecided(reader), ...differences.list() };
}
