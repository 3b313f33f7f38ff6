import { sql } from "kysely";
import { expect, it } from "vitest";
import { onEveryDatabase } from "./databases-for-tests.js";
import type { PostgresLimits } from "./postgres.js";
import { Store } from "./store.js";
import type { Reader } from "./transaction.js";

/** Far longer than the limits that these tests set, in seconds. */
const tooLong = 60;
const patient: PostgresLimits = { statementMs: 30_000, lockMs: 30_000, idleMs: 30_000, silentMs: 40_000 };
const sleep = (reader: Reader, seconds: number) => reader.query((db) => db.selectNoFrom(sql<null>`pg_sleep(${seconds})`.as("slept")));

onEveryDatabase("a limit of time", (fresh, kind) => {
  const isEmbedded = kind === "SQLite";

  /** Stores on one database, each with limits of its own. */
  async function stores(...limits: readonly Partial<PostgresLimits>[]): Promise<Store[]> {
    const database = await fresh();
    return Promise.all(limits.map(async (one) => new Store(await database.open({ ...patient, ...one }))));
  }

  it.skipIf(isEmbedded)("ends a statement that takes too long, read or written, and the store goes on", async () => {
    const [store] = await stores({ statementMs: 200 });
    await expect(sleep(store!.read, tooLong)).rejects.toMatchObject({ code: "unavailable", reason: "not_read" });
    await expect(store!.transact((tx) => sleep(tx, tooLong))).rejects.toMatchObject({ reason: "not_recorded" });
    await expect(store!.transact(() => Promise.resolve("on"))).resolves.toBe("on");
    await store!.close();
  });

  it.skipIf(isEmbedded)("gives up waiting while another server writes, and writes once that is done", async () => {
    const [slow, hasty] = await stores({}, { lockMs: 200 });
    const release = Promise.withResolvers<void>();
    const turn = Promise.withResolvers<void>();
    const holding = slow!.transact(async () => {
      turn.resolve();
      await release.promise;
    });
    await turn.promise;
    await expect(hasty!.transact(() => Promise.resolve())).rejects.toMatchObject({ code: "unavailable", reason: "not_recorded" });
    release.resolve();
    await holding;
    await expect(hasty!.transact(() => Promise.resolve("on"))).resolves.toBe("on");
    await Promise.all([slow!.close(), hasty!.close()]);
  });

  it.skipIf(isEmbedded)("ends the transaction of a server that froze, so that others can write", async () => {
    const [frozen, other] = await stores({ idleMs: 200 }, {});
    const turn = Promise.withResolvers<void>();
    const thaw = Promise.withResolvers<void>();
    const froze = frozen!.transact(async () => {
      turn.resolve();
      await thaw.promise;
    });
    await turn.promise;
    await expect(other!.transact(() => Promise.resolve("through"))).resolves.toBe("through");
    thaw.resolve();
    await expect(froze).rejects.toMatchObject({ reason: "not_recorded" });
    await expect(frozen!.transact(() => Promise.resolve("on"))).resolves.toBe("on");
    await Promise.all([frozen!.close(), other!.close()]);
  });

  it.skipIf(isEmbedded)("gives up a connection that says nothing, and connects again", async () => {
    const [store] = await stores({ silentMs: 200 });
    await expect(store!.transact((tx) => sleep(tx, 1))).rejects.toMatchObject({ reason: "not_recorded" });
    let answer: unknown = null;
    // Until the database has noticed that nobody listens, the lock of the lost transaction is still held.
    while (answer === null) answer = await store!.transact(() => Promise.resolve("on")).catch(() => null);
    expect(answer).toBe("on");
    await store!.close();
  });
});
