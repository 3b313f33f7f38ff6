import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onEveryDatabase } from "./databases-for-tests.js";
import { openPostgres } from "./postgres.js";
import { openSqlite } from "./sqlite.js";
import { Store } from "./store.js";
import { saveAgent } from "./agents.js";

const isRoot = process.getuid?.() === 0;

onEveryDatabase("opening a database", (fresh) => {
  it("refuses one that a newer version has written, and leaves it untouched", async () => {
    const database = await fresh();
    await (await database.open()).close();
    await database.meddle("insert into kysely_migration values ('9999-from-the-future', '2030-01-01')");
    await expect(database.open()).rejects.toMatchObject({
      code: "conflict",
      reason: "newer_database",
      message: expect.stringContaining("9999-from-the-future"),
    });
    await database.meddle("delete from kysely_migration where name = '9999-from-the-future'");
    await (await database.open()).close();
  });

  it("finds everything again after it was closed", async () => {
    const database = await fresh();
    const first = new Store(await database.open());
    await first.transact((tx) => saveAgent(tx, { name: "coder", trust: { tier: "standard", capabilities: {} }, firstSeenAt: 1, runs: 3 }));
    await first.close();
    const second = await database.store();
    const rows = await second.read.query((db) => db.selectFrom("agents").selectAll());
    expect(rows).toEqual([{ name: "coder", trust_tier: "standard", capabilities: "{}", first_seen_at: 1, runs: 3, tally: "{}" }]);
  });
});

describe("opening an SQLite file", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pullcord-opening-"));
    file = join(folder, "pullcord.db");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes it readable by its owner only", async () => {
    await (await openSqlite(file)).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["text", Buffer.from("this is no database, but a letter to my mother. ".repeat(200))],
    ["a database whose first page is noise", Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(8_192, 0xa5)])],
  ])("refuses %s and leaves it as it is", async (_, content) => {
    writeFileSync(file, content);
    await expect(openSqlite(file)).rejects.toMatchObject({
      code: "unavailable",
      reason: "database_damaged",
      message: expect.stringContaining(file),
    });
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it("says that another program holds it", async () => {
    await (await openSqlite(file)).close();
    const other = new SqliteDatabase(file);
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("begin immediate; create table held (a); commit");
    await expect(openSqlite(file)).rejects.toMatchObject({ code: "unavailable", reason: "database_locked" });
    other.close();
    await (await openSqlite(file)).close();
  });

  it("says that it is a folder", async () => {
    mkdirSync(file);
    await expect(openSqlite(file)).rejects.toMatchObject({ code: "unavailable", reason: "database_unusable" });
  });

  it.skipIf(isRoot || process.platform === "win32")("says that the folder can't be written", async () => {
    execFileSync("chmod", ["500", folder]);
    await expect(openSqlite(file)).rejects.toMatchObject({ code: "unavailable", reason: "database_unusable" });
    execFileSync("chmod", ["700", folder]);
  });
});

describe("opening PostgreSQL", () => {
  it("says where nobody answers, without the password", async () => {
    const opening = openPostgres("postgres://somebody:hunter2@127.0.0.1:1/none");
    await expect(opening).rejects.toMatchObject({
      code: "unavailable",
      reason: "database_unreachable",
      message: expect.stringContaining("127.0.0.1:1"),
    });
    await expect(opening).rejects.toMatchObject({ message: expect.not.stringContaining("hunter2") });
  });
});
