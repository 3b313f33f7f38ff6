import { ids } from "./sample-runs.js";
import { emit, type FakeState } from "./state.js";

const everyMs = 1_500;
const files = ["orders/refund.test.ts", "orders/split.test.ts", "cart/discount.test.ts", "users/export.test.ts", "mail/receipt.test.ts"];

/** Makes the fake's runs move, so that live updates can be seen. */
export function moveThings(state: FakeState): void {
  let n = 118;
  setInterval(() => {
    const item = files[n % files.length] ?? "";
    const run = state.runs.get(ids.tests);
    if (run?.state.status !== "running") return;
    n += 1;
    const progress = { n, of: 342, item };
    state.runs.set(ids.tests, { ...run, progress });
    emit(state, { kind: "progress", runId: ids.tests, progress });
    const lines = state.logs.get(ids.tests) ?? [];
    const line = {
      seq: lines.length + 1,
      at: Date.now(),
      stream: "stdout",
      text: ` ✓ ${item} (${(n % 9) + 1} tests) ${20 + ((n * 13) % 90)}ms`,
    } as const;
    state.logs.set(ids.tests, [...lines, line]);
    emit(state, { kind: "log", runId: ids.tests, line });
  }, everyMs);
}
