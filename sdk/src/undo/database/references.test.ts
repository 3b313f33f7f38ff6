import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentsOf, shopRows, shopTables } from "./churn.test.support.js";
import { RowsWorkshop, statement } from "./rows-workshop.test.support.js";

let top: string;
let shop: RowsWorkshop;
let database: DatabaseSync;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  const path = join(top, "shop.db");
  // As `sqlite3` does, unless told otherwise.
  database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  for (const sql of ["PRAGMA synchronous = off", ...shopTables, ...shopRows()]) database.exec(sql);
  const run = (sql: string) => database.exec(sql);
  shop = new RowsWorkshop({ folder: join(top, "data"), place: { dialect: "sqlite", path }, shown: "shop.db", run });
});
afterEach(() => {
  database.close();
  rmSync(top, { recursive: true, force: true });
});

const dump = () => contentsOf(database);
/** Rows that point nowhere. */
const violations = () => database.prepare("PRAGMA foreign_key_check").all();
const user = () => database.prepare("SELECT name FROM users WHERE id = 5").get();

describe("references that the client does not keep", () => {
  it("may lead nowhere again where they did: a row that was removed comes back below the rows that stayed", async () => {
    const before = dump();
    await shop.act("a1", [statement("DELETE FROM users WHERE id = 5", "users")]);
    expect(violations().length).toBeGreaterThan(0);
    await shop.act("a2", [statement("INSERT INTO users (id, name) VALUES (5, 'agent')", "users")]);
    await shop.act("a3", [statement("DELETE FROM users WHERE id = 5", "users")]);
    await shop.act("a4", [statement("DELETE FROM orders WHERE user_id = 5", "orders")]);
    const after = dump();
    const { planned, end } = await shop.undo();
    expect([planned.conflicts, end.conflicts, end.unverified]).toEqual([[], [], []]);
    expect(dump()).toEqual(before);
    expect((await shop.redo("u1", "u2")).conflicts).toEqual([]);
    expect(dump()).toEqual(after);
  });

  it("lead nowhere by no undo: a row stays away when what it refers to is gone since, and what others refer to stays", async () => {
    await shop.act("a1", [statement("DELETE FROM orders WHERE user_id = 5", "orders")]);
    await shop.act("a2", [statement("INSERT INTO users (id, name) VALUES (900, 'agent')", "users")]);
    database.exec("DELETE FROM users WHERE id = 5; INSERT INTO orders (id, user_id, total) VALUES (901, 900, 1)");
    expect([user(), violations()]).toEqual([undefined, []]);
    const { planned, end } = await shop.undo();
    const reasons = planned.conflicts.map(({ path: where, sentence }) => `${where.split("/")[1]} ${sentence}`);
    expect(new Set(reasons)).toEqual(
      new Set([
        'orders It would refer to a row of "users" that is not there.',
        'users Rows of "orders" that are not the run\'s refer to it.',
      ]),
    );
    expect([end.restored, violations()]).toEqual([[], []]);
  });

  it("that were broken before are nobody's business", async () => {
    database.exec("INSERT INTO orders (id, user_id, total) VALUES (902, 77777, 1)");
    const before = dump();
    await shop.act("a1", [statement("DELETE FROM orders WHERE id > 100", "orders")]);
    await shop.act("a2", [statement("UPDATE orders SET total = 0 WHERE id < 5", "orders")]);
    expect((await shop.undo()).end).toMatchObject({ conflicts: [], unverified: [] });
    expect(dump()).toEqual(before);
  });

  it("between rows that refer to each other come back together", async () => {
    database.exec(
      "CREATE TABLE pairs (id INTEGER PRIMARY KEY, other INTEGER REFERENCES pairs (id)); INSERT INTO pairs VALUES (1, 2), (2, 1), (3, 3), (4, NULL)",
    );
    const before = dump();
    await shop.act("a1", [statement("DELETE FROM pairs", "pairs")]);
    expect((await shop.undo()).end).toMatchObject({ conflicts: [], unverified: [] });
    expect(dump()).toEqual(before);
  });
});
