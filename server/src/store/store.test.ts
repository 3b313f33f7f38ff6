import { expect, it } from "vitest";
import type { AuditEntry } from "@pullcord/sdk/protocol";
import { appendEntry, entriesAfter } from "./audit.js";
import type { Database } from "./database.js";
import { onEveryDatabase } from "./databases-for-tests.js";
import { findAgent, saveAgent, type StoredAgent } from "./agents.js";
import { once } from "./idempotency.js";
import { Store } from "./store.js";
import type { Transaction } from "./transaction.js";
import { verifyLog } from "./verify-log.js";
import { mostWaitingOfAgent, type Lane } from "./writers-line.js";

const agent = (name: string, runs = 0): Omit<StoredAgent, "tally"> => ({
  name,
  trust: { tier: "standard", capabilities: {} },
  firstSeenAt: 1,
  runs,
});
const note = (tx: Transaction, n: number) =>
  appendEntry(tx, { type: "run.opened", at: n, actor: { kind: "system", id: "test" }, runId: `r${n % 3}`, body: { n } });

/** A database that counts its commits and says, in order, what it did. */
function watched(database: Database) {
  const events: string[] = [];
  const commit = async () => {
    events.push("committing");
    await database.commit();
    events.push("committed");
  };
  return { events, commits: () => events.filter((event) => event === "committed").length, database: { ...database, commit } };
}

onEveryDatabase("a store", (fresh) => {
  it("carries many waiting commands in few commits, and answers each after the commit that holds it", async () => {
    const { database, events, commits } = watched(await (await fresh()).open());
    const store = new Store(database, { longestBatchMs: Infinity });
    const work = Array.from({ length: 600 }, (_, n) => store.transact((tx) => note(tx, n)).then(() => events.push("answered")));
    await Promise.all(work);
    expect(commits()).toBeLessThanOrEqual(5);
    let isDurable = false;
    for (const event of events) {
      if (event === "answered") expect(isDurable).toBe(true);
      else isDurable = event === "committed";
    }
    expect(await entriesAfter(store.read, 0, 1_000)).toHaveLength(600);
    await store.close();
  });

  const agents = (token: string) => ({ kind: "agent", token }) as const;

  /** Holds the writer until it is let go, so that others come to wait. */
  const held = async (store: Store) => {
    const turn = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const first = store.transact(async () => {
      turn.resolve();
      await release.promise;
    });
    await turn.promise;
    return async () => {
      release.resolve();
      await first;
    };
  };

  it("refuses an agent when too many of its own wait, and nobody else", async () => {
    const store = await (await fresh()).store();
    const letGo = await held(store);
    const waiting = Array.from({ length: mostWaitingOfAgent }, () => store.transact(() => Promise.resolve("kept"), agents("a")));
    await expect(store.transact(() => Promise.resolve(), agents("a"))).rejects.toMatchObject({ code: "unavailable", reason: "too_busy" });
    const others = [agents("b"), { kind: "person" } as const].map((lane) => store.transact(() => Promise.resolve("another's"), lane));
    await letGo();
    expect(await Promise.all(others)).toEqual(["another's", "another's"]);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["kept"]));
    await expect(store.transact(() => Promise.resolve("again"), agents("a"))).resolves.toBe("again");
  });

  it("answers people before agents that came earlier, in a commit that carries no agent's command", async () => {
    const { database, events } = watched(await (await fresh()).open());
    const store = new Store(database);
    const letGo = await held(store);
    const asked = (name: string, lane: Lane) => store.transact((tx) => note(tx, 1), lane).then(() => events.push(name));
    const all = [
      ...Array.from({ length: 300 }, () => asked("agent", agents("a"))),
      asked("person", { kind: "person" }),
      asked("stop", { kind: "stop" }),
    ];
    await letGo();
    await Promise.all(all);
    const answered = events.filter((event) => event !== "committing");
    const [first, ...rest] = answered.slice(answered.indexOf("stop"));
    expect([first, ...rest.slice(0, 2)]).toEqual(["stop", "person", "committed"]);
    expect(answered.slice(0, answered.indexOf("stop"))).not.toContain("agent");
  });

  it("tells all who wait when not even a transaction can begin, and goes on when it can", async () => {
    const opened = await (await fresh()).open();
    let broken = true;
    const begin = () => (broken ? Promise.reject(new Error("no disk")) : opened.begin());
    const store = new Store({ ...opened, begin });
    const all = await Promise.allSettled(Array.from({ length: 300 }, (_, n) => store.transact((tx) => note(tx, n), agents("a"))));
    expect(all.every(({ status }) => status === "rejected")).toBe(true);
    broken = false;
    expect(await store.transact((tx) => note(tx, 1))).toMatchObject({ seq: 1 });
  });

  it("undoes only what the failing command wrote", async () => {
    const store = await (await fresh()).store();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, n) =>
        store.transact(async (tx) => {
          await saveAgent(tx, agent(`agent-${n}`));
          await note(tx, n);
          if (n % 3 === 0) throw new Error(`refused ${n}`);
          return n;
        }),
      ),
    );
    for (const [n, outcome] of outcomes.entries()) {
      expect(outcome.status).toBe(n % 3 === 0 ? "rejected" : "fulfilled");
      expect((await findAgent(store.read, `agent-${n}`)) === undefined).toBe(n % 3 === 0);
    }
    const kept = await entriesAfter(store.read, 0, 100);
    expect(kept.map((entry) => entry.body["n"])).toEqual(Array.from({ length: 30 }, (_, n) => n).filter((n) => n % 3 !== 0));
    expect(await verifyLog(store.read)).toMatchObject({ ok: true, entries: 20 });
  });

  it("undoes a command whose statement the database refuses, and keeps the others of its batch", async () => {
    const store = await (await fresh()).store();
    const broken = (tx: Transaction) => tx.query((db) => db.selectFrom("no_such_table" as "agents").selectAll());
    const [before, refused, after] = await Promise.allSettled([
      store.transact((tx) => saveAgent(tx, agent("before"))),
      store.transact(async (tx) => {
        await saveAgent(tx, agent("half"));
        await broken(tx);
      }),
      store.transact((tx) => saveAgent(tx, agent("after"))),
    ]);
    expect(before.status).toBe("fulfilled");
    expect(after.status).toBe("fulfilled");
    expect(refused).toMatchObject({ status: "rejected", reason: { code: "unavailable", reason: "not_recorded" } });
    expect(await findAgent(store.read, "half")).toBeUndefined();
    expect(await findAgent(store.read, "after")).toBeDefined();
  });

  it("keeps one linear log of everything, whoever writes, and tells listeners each entry once and in order", async () => {
    const database = await fresh();
    const stores = [await database.store(), await database.store()];
    const heard: AuditEntry[][] = stores.map(() => []);
    stores.forEach((store, index) => store.subscribe((entries) => heard[index]?.push(...entries)));
    await Promise.all(Array.from({ length: 200 }, (_, n) => stores[n % 2]!.transact((tx) => note(tx, n))));
    const [first] = stores;
    expect(await verifyLog(first!.read)).toMatchObject({ ok: true, entries: 200 });
    const seqs = heard.map((entries) => entries.map((entry) => entry.seq));
    for (const own of seqs) expect(own).toEqual(own.toSorted((a, b) => a - b));
    expect(seqs.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
  });

  it("lets no listener that fails hold up anybody", async () => {
    const store = await (await fresh()).store();
    store.subscribe(() => {
      throw new Error("a broken listener");
    });
    const heard: number[] = [];
    store.subscribe((entries) => heard.push(...entries.map((entry) => entry.seq)));
    for (let n = 0; n < 3; n += 1) await store.transact((tx) => note(tx, n));
    expect(heard).toEqual([1, 2, 3]);
  });

  it("finds any change that somebody made to the log behind its back", async () => {
    const database = await fresh();
    const store = await database.store();
    for (let n = 0; n < 5; n += 1) await store.transact((tx) => note(tx, n));
    await database.meddle("update audit_entries set body = '{\"n\":99}' where seq = 3");
    expect(await verifyLog(store.read)).toMatchObject({ ok: false, problem: { seq: 3 } });
    await database.meddle("delete from audit_entries where seq = 3");
    expect(await verifyLog(store.read)).toMatchObject({ ok: false, problem: { sentence: expect.stringContaining("Entry 3 is missing") } });
  });

  it("does a write once for its key, also when both come at once, and refuses the key for another", async () => {
    const store = await (await fresh()).store();
    let times = 0;
    const write = (key: string, requestHash = "one", principal = "agent:a") =>
      store.transact((tx) => once(tx, { principal, key, requestHash, at: 1 }, async () => ({ times: ++times })));
    expect(await Promise.all([write("k"), write("k"), write("k")])).toEqual([{ times: 1 }, { times: 1 }, { times: 1 }]);
    expect(await write("k")).toEqual({ times: 1 });
    await expect(write("k", "another")).rejects.toMatchObject({ code: "conflict", reason: "key_reused" });
    expect(await write("k", "one", "agent:b")).toEqual({ times: 2 });
  });

  it("forgets the key of a write that failed, so that it can be tried again", async () => {
    const store = await (await fresh()).store();
    const write = (work: () => Promise<string>) =>
      store.transact((tx) => once(tx, { principal: "a", key: "k", requestHash: "h", at: 1 }, work));
    await expect(write(() => Promise.reject(new Error("not this time")))).rejects.toThrow("not this time");
    expect(await write(async () => "done")).toBe("done");
  });

  it("refuses what comes after it was closed, and finishes what came before", async () => {
    const store = await (await fresh()).store();
    const before = store.transact((tx) => note(tx, 1));
    const closing = store.close();
    await expect(store.transact((tx) => note(tx, 2))).rejects.toMatchObject({ code: "unavailable", reason: "closing" });
    expect(await before).toMatchObject({ seq: 1 });
    await closing;
  });
});
