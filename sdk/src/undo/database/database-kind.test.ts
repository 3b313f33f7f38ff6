import { mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SnapshotKeeper } from "../index.js";
import { seeded } from "../workshop.test.support.js";
import { change, contentsOf, otherChange, shopRows, shopTables } from "./churn.test.support.js";
import type { Statement } from "./try-out.js";

let top: string;
let path: string;
let keeper: SnapshotKeeper;
let database: DatabaseSync;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  path = join(top, "shop.db");
  database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = off");
  for (const sql of [...shopTables, ...shopRows()]) database.exec(sql);
  keeper = open();
});
afterEach(() => {
  database.close();
  rmSync(top, { recursive: true, force: true });
});

function open(): SnapshotKeeper {
  const folder = join(top, "data");
  return new SnapshotKeeper({ folder, ownFolder: folder, quotaBytes: 2 ** 30, bounds: { mostEntries: 1_000, longestMs: 60_000 } });
}

const dump = () => contentsOf(database);
const statement = (text: string, ...tables: string[]): Statement => ({ text, tables });

async function act(actionId: string, statements: readonly Statement[], work = () => statements.forEach(({ text }) => database.exec(text))) {
  const key = { runId: "r", actionId };
  keeper.began(key);
  await keeper.databases.began(key, { place: { dialect: "sqlite", path }, shown: "shop.db", statements });
  await keeper.files.workspace(top).began(key, ["shop.db"]);
  work();
  await keeper.ended(key);
}

async function undo(id = "u1", selection: { actionId?: string; only?: string[] } = {}) {
  const parts = await keeper.plan({ runId: "r", ...selection });
  keeper.begin(id, parts);
  return { planned: keeper.shown(parts), end: await keeper.carryOut(id) };
}

async function redo(of: string, id: string) {
  keeper.begin(id, await keeper.planRedo(of));
  return keeper.carryOut(id);
}

/** Runs many changes; those that cannot be kept are not run. @returns how many were */
async function churn(count: number, random: () => number, between: (step: number) => void = () => {}): Promise<number> {
  let done = 0;
  for (let step = 0; step < count; step++) {
    const kept = await act(`a${step}`, change(step, random)).then(
      () => true,
      (error: unknown) => {
        if ((error as { reason?: string }).reason !== "rows_not_kept") throw error;
        return false;
      },
    );
    if (kept) done += 1;
    between(step);
  }
  return done;
}

describe("undo of rows in SQLite", () => {
  it.each([1, 2])("puts back every row and table after 200 generated changes (seed %i)", async (seed) => {
    const before = dump();
    expect(await churn(200, seeded(seed))).toBeGreaterThan(190);
    const after = dump();
    expect(after).not.toEqual(before);
    const { end } = await undo();
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
    expect(dump()).toEqual(before);
    expect((await redo("u1", "u2")).conflicts).toEqual([]);
    expect(dump()).toEqual(after);
  });

  it("keeps all that others write in between", async () => {
    const random = seeded(3);
    const theirs: string[] = [];
    const before = new DatabaseSync(":memory:");
    for (const sql of [...shopTables, ...shopRows()]) before.exec(sql);
    await churn(200, random, (step) => {
      const sql = otherChange(step, random);
      // One about a row that the run has removed changes nothing.
      if (Number(database.prepare(sql).run().changes) > 0) theirs.push(sql);
    });
    const { end, planned } = await undo();
    expect([end.unverified, end.failure]).toEqual([[], undefined]);
    const conflicts = new Set(planned.conflicts.map((left) => left.path));
    for (const sql of theirs) before.exec(sql);
    const isLeft = (table: string, key: unknown) => conflicts.has(`shop.db/${table}/${String(key)}`);
    for (const [table, key] of [
      ["users", "id"],
      ["orders", "id"],
    ] as const) {
      const rows = (from: DatabaseSync) =>
        from
          .prepare(`SELECT * FROM ${table} ORDER BY ${key}`)
          .all()
          .filter((row) => !isLeft(table, row[key]));
      expect(rows(database)).toEqual(rows(before));
    }
    expect(database.prepare("SELECT * FROM prices WHERE country = 'theirs'").all().length).toBe(
      before.prepare("SELECT * FROM prices WHERE country = 'theirs'").all().length,
    );
    before.close();
  });

  it("leaves a row that somebody changed since, and merges by column where that is clean", async () => {
    await act("a1", [statement("UPDATE users SET name = 'agent', balance = 0 WHERE id IN (1, 2)", "users")]);
    database.exec("UPDATE users SET name = 'person' WHERE id = 1; UPDATE users SET remark = 'person' WHERE id = 2");
    const { planned, end } = await undo();
    expect(planned.conflicts).toEqual([
      { of: "database", path: "shop.db/users/1", sentence: "Somebody changed the same part since: name." },
    ]);
    expect(planned.changes).toMatchObject([
      { of: "database", path: "shop.db/users/2", kind: "changed", runs: [expect.stringContaining('UPDATE "users" SET "name" = ')] },
    ]);
    expect(end.restored).toEqual(["shop.db/users/2"]);
    expect(database.prepare("SELECT name, balance, remark FROM users WHERE id < 3").all()).toEqual([
      { name: "person", balance: 0, remark: null },
      { name: "user '2'", balance: 2.25, remark: "person" },
    ]);
  });

  it("does not take a row away that others' rows refer to", async () => {
    await act("a1", [statement("INSERT INTO users (id, name) VALUES (900, 'agent')", "users")]);
    database.exec("INSERT INTO orders (id, user_id, total) VALUES (900, 900, 1)");
    const { planned } = await undo();
    expect(planned.conflicts).toMatchObject([{ path: "shop.db/users/900", sentence: expect.stringContaining("refer to it") }]);
    expect(database.prepare("SELECT count(*) AS n FROM orders WHERE id = 900").get()).toEqual({ n: 1 });
  });

  it("knows rows that the database numbers and dates itself", async () => {
    database.exec("CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT DEFAULT CURRENT_TIMESTAMP, word TEXT)");
    const insert = "INSERT INTO log (word) VALUES ('agent')";
    await act("a1", [statement(insert, "log")], () => {
      database.exec("INSERT INTO log (word) VALUES ('person')");
      database.exec(insert);
    });
    await undo();
    expect(database.prepare("SELECT word FROM log").all()).toEqual([{ word: "person" }]);
  });

  it("undoes what triggers did along with it, without firing them again", async () => {
    database.exec(
      "CREATE TABLE history (n INTEGER PRIMARY KEY, word TEXT); CREATE TRIGGER tell AFTER UPDATE ON users BEGIN INSERT INTO history (word) VALUES (old.name || new.name); END",
    );
    const before = dump();
    await act("a1", [statement("UPDATE users SET name = 'agent' WHERE id < 5", "users")]);
    expect(database.prepare("SELECT count(*) AS n FROM history").get()).toEqual({ n: 4 });
    await undo();
    expect(dump()).toEqual(before);
  });

  it("takes back one action, or some rows", async () => {
    await act("a1", [statement("UPDATE users SET name = 'one' WHERE id IN (1, 2)", "users")]);
    await act("a2", [statement("UPDATE users SET balance = 7 WHERE id = 1", "users")]);
    await undo("u1", { actionId: "a1", only: ["shop.db/users/1"] });
    expect(database.prepare("SELECT name, balance FROM users WHERE id < 3").all()).toEqual([
      { name: "user '1'", balance: 7 },
      { name: "one", balance: 2.25 },
    ]);
  });

  it("keeps a new table that others have filled", async () => {
    const sql = "DROP TABLE made";
    const inverse = { thing: { type: "table", name: "made" }, makes: true, sql } as const;
    await act("a1", [
      { text: "CREATE TABLE made (id INTEGER PRIMARY KEY)", tables: [], inverse },
      statement("INSERT INTO made VALUES (1)", "made"),
    ]);
    database.exec("INSERT INTO made VALUES (2)");
    const { planned } = await undo();
    expect(planned.conflicts).toMatchObject([{ path: "shop.db/made", sentence: expect.stringContaining("not the run's") }]);
    expect(database.prepare("SELECT id FROM made").all()).toEqual([{ id: 2 }]);
  });
});

describe("what is kept of rows", () => {
  it("leaves the database as it was when it is tried", async () => {
    const before = dump();
    const key = { runId: "r", actionId: "a1" };
    await keeper.databases.began(key, {
      place: { dialect: "sqlite", path },
      shown: "shop.db",
      statements: [statement("DELETE FROM users", "users")],
    });
    expect(dump()).toEqual(before);
  });

  it.each([
    ["no such table", "UPDATE nowhere SET a = 1", "refused it when it was tried"],
    ["a table that is gone", "DROP TABLE prices", "did not become what they were"],
  ])("refuses %s, with the reason", async (_name, text, reason) => {
    await expect(act("a1", [statement(text, "users")])).rejects.toMatchObject({
      reason: "rows_not_kept",
      message: expect.stringContaining(reason),
    });
  });

  it("is for its owner's eyes alone, and gone after its time", async () => {
    await act("a1", [statement("UPDATE users SET name = 'agent' WHERE id = 1", "users")]);
    const rows = join(top, "data", "rows");
    expect(readdirSync(rows).map((name) => statSync(join(rows, name)).mode & 0o777)).toEqual([0o600]);
    keeper.sweep(Date.now() + 1_000);
    expect([readdirSync(rows), keeper.changesOf("r")]).toEqual([[], []]);
  });

  it("goes back as a whole file where an action changed it in a way that nobody read", async () => {
    const before = dump();
    await act("a1", [statement("UPDATE users SET name = 'agent' WHERE id = 1", "users")]);
    const key = { runId: "r", actionId: "a2" };
    keeper.began(key);
    await keeper.files.workspace(top).began(key, ["shop.db"]);
    database.exec("VACUUM; UPDATE users SET name = 'script'");
    await keeper.ended(key);
    expect(keeper.changesOf("r").map(({ of, path: where }) => [of, where])).toEqual([["file", "shop.db"]]);
    database.close();
    const { end } = await undo();
    database = new DatabaseSync(path);
    expect([end.restored, dump()]).toEqual([["shop.db"], before]);
  });
});

describe("what an agent put in a file", () => {
  const key = { runId: "r", actionId: "a1" };
  const began = (text: string) =>
    keeper.databases.began(key, { place: { dialect: "sqlite", path }, shown: "shop.db", statements: [statement(text, "orders")] });

  it.each([
    [
      "a statement",
      "",
      "UPDATE orders SET note = (WITH RECURSIVE up (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up) SELECT max(x) FROM up)",
    ],
    [
      "a trigger",
      "CREATE TRIGGER slow BEFORE UPDATE ON orders BEGIN DELETE FROM users WHERE id < (SELECT -count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f); END",
      "UPDATE orders SET note = 'x'",
    ],
  ])("without an end is ended, and holds up nothing meanwhile: %s", async (...[, before, text]) => {
    if (before !== "") database.exec(before);
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 10);
    try {
      await expect(began(text)).rejects.toMatchObject({ reason: "rows_not_kept", message: expect.stringMatching(/took longer than 8 s/) });
    } finally {
      clearInterval(turning);
    }
    expect(turns).toBeGreaterThan(10);
    // The file is free again, and as it was.
    database.exec("DROP TRIGGER IF EXISTS slow; UPDATE orders SET note = 'mine'");
  });

  it("is not looked for behind a link that was put in its place", async () => {
    const behind = join(top, "behind.db");
    renameSync(path, behind);
    symlinkSync(behind, path);
    await expect(began("UPDATE orders SET note = 'x'")).rejects.toMatchObject({ message: expect.stringMatching(/is a link now/) });
  });
});
