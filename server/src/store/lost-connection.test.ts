import { expect, it } from "vitest";
import { findAgent, saveAgent, type StoredAgent } from "./agents.js";
import { appendEntry } from "./audit.js";
import { onEveryDatabase } from "./databases-for-tests.js";
import { verifyLog } from "./verify-log.js";

const agent = (name: string): Omit<StoredAgent, "tally"> => ({
  name,
  trust: { tier: "standard", capabilities: {} },
  firstSeenAt: 1,
  runs: 0,
});
/** Ends every other connection to this test's own database, as a restart of the server would. */
const cutOthers = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
const noticeMs = 200;

onEveryDatabase("losing the connection", (fresh, kind) => {
  const isEmbedded = kind === "SQLite";

  it.skipIf(isEmbedded)("fails what was under way, writes no half of it, and connects again for what comes after", async () => {
    const database = await fresh();
    const store = await database.store();
    await store.transact((tx) => saveAgent(tx, agent("before")));
    let hasCut = false;
    const cut = store.transact(async (tx) => {
      await saveAgent(tx, agent("first half"));
      await database.meddle(cutOthers);
      hasCut = true;
      // Long enough for the loss to be noticed: what follows must not go to a new connection by itself.
      await new Promise((resolve) => setTimeout(resolve, noticeMs));
      await saveAgent(tx, agent("second half"));
    });
    const waiting = store.transact((tx) => saveAgent(tx, agent("waiting")));
    const [first, second] = await Promise.allSettled([cut, waiting]);
    expect(hasCut).toBe(true);
    expect(first).toMatchObject({ status: "rejected", reason: { code: "unavailable", reason: "not_recorded" } });
    // It had not begun, so nothing of it was lost.
    expect(second).toMatchObject({ status: "fulfilled" });
    await store.transact((tx) => saveAgent(tx, agent("after")));
    const found = await Promise.all(["before", "first half", "second half", "waiting", "after"].map((name) => findAgent(store.read, name)));
    expect(found.map((one) => one !== undefined)).toEqual([true, false, false, true, true]);
  });

  it.skipIf(isEmbedded)("keeps the log whole through many cuts under load", async () => {
    const database = await fresh();
    const store = await database.store();
    const kept: number[] = [];
    let failed = 0;
    const write = (n: number) =>
      store
        .transact((tx) => appendEntry(tx, { type: "run.opened", at: n, actor: { kind: "system", id: "test" }, body: { n } }))
        .then(() => kept.push(n))
        .catch(() => (failed += 1));
    for (let round = 0; round < 10; round += 1) {
      const writes = Array.from({ length: 40 }, (_, n) => write(round * 40 + n));
      await Promise.all([...writes, database.meddle(cutOthers)]);
    }
    expect(failed).toBeGreaterThan(0);
    await write(10_000);
    const result = await verifyLog(store.read);
    expect(result).toMatchObject({ ok: true });
    const stored = await store.read.query((db) => db.selectFrom("audit_entries").select("body"));
    const numbers = stored.map((row) => (JSON.parse(row.body) as { n: number }).n);
    expect(new Set(numbers).size).toBe(numbers.length);
    // All that was answered is there. A commit whose answer got lost may be there as well.
    expect(kept.filter((n) => !numbers.includes(n))).toEqual([]);
  });
});
