import { copyFileSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seeded } from "../workshop.test.support.js";
import { contentsOf, otherChange, shopRows, shopTables, warehouse } from "./churn.test.support.js";
import { RowsWorkshop, statement } from "./rows-workshop.test.support.js";

let top: string;
let path: string;
let shop: RowsWorkshop;
let database: DatabaseSync;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  path = join(top, "shop.db");
  database = open(path);
  for (const sql of [...shopTables, ...shopRows()]) database.exec(sql);
  shop = workshop();
});
afterEach(() => {
  database.close();
  rmSync(top, { recursive: true, force: true });
});

function open(file: string, keepsReferences = true): DatabaseSync {
  const opened = new DatabaseSync(file, { enableForeignKeyConstraints: keepsReferences });
  opened.exec("PRAGMA synchronous = off");
  return opened;
}

function workshop(keepsReferences = true): RowsWorkshop {
  const folder = join(top, `data-${String(keepsReferences)}`);
  const run = (sql: string) => database.exec(sql);
  return new RowsWorkshop({ folder, place: { dialect: "sqlite", path }, shown: "shop.db", keepsReferences, run });
}

const dump = () => contentsOf(database);
/** Rows that point nowhere. */
const violations = () => database.prepare("PRAGMA foreign_key_check").all();

describe("undo of rows in SQLite", () => {
  it.each([
    ["kept by the client", 1, true],
    ["not kept by the client, as `sqlite3` does", 2, false],
  ])(
    "puts back every row and table after 200 generated changes, in large tables and without keys, references %s",
    async (_how, seed, keepsReferences) => {
      for (const sql of warehouse) database.exec(sql);
      database.close();
      database = open(path, keepsReferences);
      shop = workshop(keepsReferences);
      const before = dump();
      const { done, refused } = await shop.churn(200, seeded(seed));
      expect([done > 190, refused.filter((why) => !why.includes("refused it"))]).toEqual([true, []]);
      const after = dump();
      expect(after).not.toEqual(before);
      expect(violations().length > 0).toBe(!keepsReferences);
      const { end } = await shop.undo();
      expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
      expect(dump()).toEqual(before);
      expect((await shop.redo("u1", "u2")).conflicts).toEqual([]);
      expect(dump()).toEqual(after);
    },
  );

  it("keeps all that others write in between", async () => {
    const random = seeded(3);
    const theirs: string[] = [];
    const before = new DatabaseSync(":memory:");
    for (const sql of [...shopTables, ...shopRows(), ...warehouse]) before.exec(sql);
    for (const sql of warehouse) database.exec(sql);
    await shop.churn(200, random, (step) => {
      const sql = otherChange(step, random);
      // One about a row that the run has removed changes nothing.
      if (Number(database.prepare(sql).run().changes) > 0) theirs.push(sql);
    });
    const { end, planned } = await shop.undo();
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
    await shop.act("a1", [statement("UPDATE users SET name = 'agent', balance = 0 WHERE id IN (1, 2)", "users")]);
    database.exec("UPDATE users SET name = 'person' WHERE id = 1; UPDATE users SET remark = 'person' WHERE id = 2");
    const { planned, end } = await shop.undo();
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
    await shop.act("a1", [statement("INSERT INTO users (id, name) VALUES (900, 'agent')", "users")]);
    database.exec("INSERT INTO orders (id, user_id, total) VALUES (900, 900, 1)");
    const { planned } = await shop.undo();
    expect(planned.conflicts).toMatchObject([{ path: "shop.db/users/900", sentence: expect.stringContaining("refer to it") }]);
    expect(database.prepare("SELECT count(*) AS n FROM orders WHERE id = 900").get()).toEqual({ n: 1 });
  });

  it("knows rows that the database numbers and dates itself", async () => {
    database.exec("CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT DEFAULT CURRENT_TIMESTAMP, word TEXT)");
    const insert = "INSERT INTO log (word) VALUES ('agent')";
    await shop.act("a1", [statement(insert, "log")], () => {
      database.exec("INSERT INTO log (word) VALUES ('person')");
      database.exec(insert);
    });
    await shop.undo();
    expect(database.prepare("SELECT word FROM log").all()).toEqual([{ word: "person" }]);
  });

  it("undoes what triggers did along with it, without firing them again", async () => {
    database.exec(
      "CREATE TABLE history (n INTEGER PRIMARY KEY, word TEXT); CREATE TRIGGER tell AFTER UPDATE ON users BEGIN INSERT INTO history (word) VALUES (old.name || new.name); END",
    );
    const before = dump();
    await shop.act("a1", [statement("UPDATE users SET name = 'agent' WHERE id < 5", "users")]);
    expect(database.prepare("SELECT count(*) AS n FROM history").get()).toEqual({ n: 4 });
    await shop.undo();
    expect(dump()).toEqual(before);
  });

  it("takes back one action, or some rows", async () => {
    await shop.act("a1", [statement("UPDATE users SET name = 'one' WHERE id IN (1, 2)", "users")]);
    await shop.act("a2", [statement("UPDATE users SET balance = 7 WHERE id = 1", "users")]);
    await shop.undo("u1", { actionId: "a1", only: ["shop.db/users/1"] });
    expect(database.prepare("SELECT name, balance FROM users WHERE id < 3").all()).toEqual([
      { name: "user '1'", balance: 7 },
      { name: "one", balance: 2.25 },
    ]);
  });

  it("keeps a new table that others have filled", async () => {
    const sql = "DROP TABLE made";
    const inverse = { thing: { type: "table", name: "made" }, makes: true, sql } as const;
    await shop.act("a1", [
      { text: "CREATE TABLE made (id INTEGER PRIMARY KEY)", tables: [], inverse },
      statement("INSERT INTO made VALUES (1)", "made"),
    ]);
    database.exec("INSERT INTO made VALUES (2)");
    const { planned } = await shop.undo();
    expect(planned.conflicts).toMatchObject([{ path: "shop.db/made", sentence: expect.stringContaining("not the run's") }]);
    expect(database.prepare("SELECT id FROM made").all()).toEqual([{ id: 2 }]);
  });
});

describe("what is kept of rows", () => {
  it("leaves the database as it was when it is tried", async () => {
    const before = dump();
    await shop.began("a1", [statement("DELETE FROM users", "users")]);
    expect(dump()).toEqual(before);
  });

  it.each([
    ["no such table", "UPDATE nowhere SET a = 1", "refused it when it was tried"],
    ["what would fill the disk", "UPDATE users SET name = zeroblob(80000000) WHERE id = 1", "database or disk is full"],
    ["a table that is gone", "DROP TABLE prices", "prices is gone after it"],
  ])("refuses %s, with the reason", async (_name, text, reason) => {
    await expect(shop.act("a1", [statement(text, "users")])).rejects.toMatchObject({
      reason: "rows_not_kept",
      message: expect.stringContaining(reason),
    });
  });

  it("is for its owner's eyes alone, and gone after its time", async () => {
    await shop.act("a1", [statement("UPDATE users SET name = 'agent' WHERE id = 1", "users")]);
    const rows = join(top, "data-true", "rows");
    expect(readdirSync(rows).map((name) => statSync(join(rows, name)).mode & 0o777)).toEqual([0o600]);
    shop.keeper.sweep(Date.now() + 1_000);
    expect([readdirSync(rows), await shop.keeper.changesOf("r")]).toEqual([[], []]);
  });

  it("goes back as a whole file where an action changed it in a way that nobody read", async () => {
    const before = dump();
    const files = (key: { runId: string; actionId: string }) => shop.keeper.files.workspace(top).began(key, ["shop.db"]);
    const update = "UPDATE users SET name = 'agent' WHERE id = 1";
    await shop.act("a1", [statement(update, "users")], async () => {
      await files({ runId: "r", actionId: "a1" });
      database.exec(update);
    });
    const key = { runId: "r", actionId: "a2" };
    shop.keeper.began(key);
    await files(key);
    database.exec("VACUUM; UPDATE users SET name = 'script'");
    await shop.keeper.ended(key);
    expect((await shop.keeper.changesOf("r")).map(({ of, path: where }) => [of, where])).toEqual([["file", "shop.db"]]);
    database.close();
    const { end } = await shop.undo();
    database = new DatabaseSync(path);
    expect([end.restored, dump()]).toEqual([["shop.db"], before]);
  });
});

describe("what an agent put in a file", () => {
  it("without an end is ended, a statement or a trigger, and holds up nothing meanwhile", async () => {
    const slow =
      "CREATE TRIGGER slow BEFORE UPDATE ON orders BEGIN DELETE FROM users WHERE id < (SELECT -count(*) FROM orders a, orders b, orders c, orders d, orders e, orders f); END";
    database.exec(slow);
    const endless = "UPDATE prices SET year = (WITH RECURSIVE up (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up) SELECT max(x) FROM up)";
    const other = join(top, "other.db");
    copyFileSync(path, other);
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 10);
    const tries = [
      shop.began("a1", [statement("UPDATE orders SET note = 'x'", "orders")]),
      shop.keeper.databases.began(
        { runId: "r", actionId: "a2" },
        { place: { dialect: "sqlite", path: other }, shown: "other.db", statements: [statement(endless, "prices")] },
      ),
    ];
    for (const outcome of await Promise.allSettled(tries)) {
      expect(outcome).toMatchObject({ reason: { reason: "rows_not_kept", message: expect.stringMatching(/took longer than 8 s/) } });
    }
    clearInterval(turning);
    expect(turns).toBeGreaterThan(10);
    // The file is free again, and as it was.
    database.exec("DROP TRIGGER slow; UPDATE orders SET note = 'mine'");
  });

  it("is not looked for behind a link that was put in its place", async () => {
    const behind = join(top, "behind.db");
    renameSync(path, behind);
    symlinkSync(behind, path);
    await expect(shop.began("a1", [statement("UPDATE orders SET note = 'x'", "orders")])).rejects.toMatchObject({
      message: expect.stringMatching(/is a link now/),
    });
  });
});
