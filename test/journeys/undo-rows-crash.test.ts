import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shopRows, shopTables, shopTablesInMysql } from "../../sdk/src/undo/database/churn.test.support.js";
import { RowsWorkshop, statement, type RowsWorkshopOptions } from "../../sdk/src/undo/database/rows-workshop.test.support.js";
import { prepareReading } from "../../server/src/domain/risk/sql.js";
import { connectMysql } from "../../server/src/snapshots/mysql-driver.js";
import { pullcordWords } from "./cli/command.js";
import { MysqlDatabase, mysqlServers, type MysqlServer } from "./undo/mysql-database.js";
import { PostgresDatabase, postgresServers } from "./undo/postgres-database.js";

/** Points at which an undo of rows is killed; 200 with PULLCORD_UNDO_KILLS=200 (docs/undo.md). */
const kills = Number(process.env["PULLCORD_UNDO_KILLS"] ?? 12);
const longestMs = 20 * 60_000;
const eventually = { timeout: 60_000, interval: 20 };
const child = fileURLToPath(new URL("undo/carry-out-rows.mjs", import.meta.url));

const keyless = [...shopTables, "CREATE TABLE log (word TEXT, n INTEGER)"];
const keyed = [...shopTablesInMysql, "CREATE TABLE log (id INTEGER PRIMARY KEY AUTO_INCREMENT, word TEXT, n INTEGER)"];
const none = () => Promise.reject(new Error("There is none."));

let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** A database with the shop in it, and a table where nothing tells rows apart, where such a one is kept. */
interface Shop {
  readonly tables: readonly string[];
  readonly of: Pick<RowsWorkshopOptions, "place" | "shown" | "connect">;
  readonly run: (sql: string) => Promise<readonly unknown[]>;
  /** Where another process finds it. */
  readonly words: readonly string[];
  close(): Promise<void>;
}

function inSqlite(): Promise<Shop> {
  const path = join(top, "shop.db");
  const run = async (sql: string) => {
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    try {
      return await Promise.resolve(database.prepare(sql).all());
    } finally {
      database.close();
    }
  };
  return Promise.resolve({
    tables: keyless,
    of: { place: { dialect: "sqlite", path }, shown: "shop" },
    run,
    words: [],
    close: () => Promise.resolve(),
  });
}

async function inPostgres(): Promise<Shop> {
  const database = await PostgresDatabase.make();
  return {
    tables: keyless,
    of: { place: { dialect: "postgres", name: "shop" }, shown: "shop", connect: { postgres: () => database.connect(), mysql: none } },
    run: (sql) => database.rows(sql),
    words: [database.url],
    close: () => database.drop({ isForced: true }),
  };
}

async function inMysql(server: MysqlServer): Promise<Shop> {
  await prepareReading();
  const database = await MysqlDatabase.make(server);
  const connect = { mysql: () => connectMysql(database.url), postgres: none };
  return {
    tables: keyed,
    of: { place: { dialect: "mysql", name: "shop" }, shown: "shop", connect },
    run: (sql) => database.rows(sql),
    words: [database.url.href],
    close: () => database.drop(),
  };
}

/** Another process carries an undo out, and is killed before the nth statement or note that it makes. */
function carryOutElsewhere(undoId: string, nth: number, more: readonly string[]) {
  const words = [...pullcordWords.slice(0, -1), child, join(top, "data"), undoId, String(nth), ...more];
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { isKilled: signal === "SIGKILL", steps: Number(stdout) };
}

const dialects: readonly (readonly [string, () => Promise<Shop>])[] = [
  ["SQLite", inSqlite],
  ...(postgresServers.length === 0 ? [] : ([["PostgreSQL", inPostgres]] as const)),
  ...mysqlServers.map((one) => [one.name, () => inMysql(one)] as const),
];
describe.each(dialects)("%s", (_name, make) => {
  let at: Shop;
  beforeEach(async () => {
    at = await make();
    for (const sql of [...at.tables, ...shopRows()]) await at.run(sql);
    await at.run("INSERT INTO log (word, n) VALUES ('a', 1), ('a', 1), ('b', 2), ('c', NULL)");
  });
  afterEach(() => at.close());

  const open = () => new RowsWorkshop({ folder: join(top, "data"), ...at.of, run: at.run });
  const rows = async () => {
    const found = [];
    for (const name of ["users", "orders", "prices", "log"]) found.push(await at.run(`SELECT * FROM ${name} ORDER BY 1, 2`));
    return found;
  };

  it(
    `is finished by the next server wherever an undo of rows is killed with -9 (${kills} points)`,
    async () => {
      const shop = open();
      const before = await rows();
      await shop.act("a1", [
        statement("UPDATE users SET name = 'agent', balance = 0 WHERE id < 15", "users"),
        statement("DELETE FROM orders WHERE id < 10", "orders"),
        statement("INSERT INTO prices (country, year) VALUES ('xx', 1), ('xx', 2)", "prices"),
        statement("DELETE FROM log WHERE word = 'a'", "log"),
        statement("INSERT INTO log (word, n) VALUES ('d', 4), ('d', 4)", "log"),
      ]);
      // The same rows again: after a crash they stand as neither of the two has left them.
      await shop.act("a2", [
        statement("UPDATE users SET name = 'again', email = NULL WHERE id BETWEEN 10 AND 20", "users"),
        statement("INSERT INTO orders (id, user_id, total) VALUES (3, 1, 7), (200, 2, 8)", "orders"),
        statement("DELETE FROM prices WHERE country = 'xx' AND year = 1", "prices"),
        statement("UPDATE log SET n = 5 WHERE word = 'd'", "log"),
      ]);
      await shop.act("a3", [statement("DELETE FROM orders WHERE id IN (3, 200)", "orders")]);
      const after = await rows();

      const undo = await shop.keeper.plan({ runId: "r" });
      const { changes } = shop.keeper.shown(undo);
      shop.keeper.begin("whole", undo);
      const { isKilled, steps } = carryOutElsewhere("whole", 0, at.words);
      expect([isKilled, await rows()]).toEqual([false, before]);
      expect(steps).toBeGreaterThan(60);
      const redo = await open().keeper.planRedo("whole");
      const seen = new Set<string>();
      for (let kill = 0; kill < kills; kill++) {
        const nth = 1 + Math.floor((kill * (steps - 1)) / Math.max(1, kills - 1));
        shop.keeper.begin(`r${kill}`, redo);
        await shop.keeper.carryOut(`r${kill}`);
        expect(await rows()).toEqual(after);
        shop.keeper.begin(`u${kill}`, undo);
        expect([nth, carryOutElsewhere(`u${kill}`, nth, at.words).isKilled]).toEqual([nth, true]);
        // Untouched, or done: never anything between.
        const now = JSON.stringify(await rows());
        expect([JSON.stringify(after), JSON.stringify(before)]).toContain(now);
        seen.add(now === JSON.stringify(after) ? "untouched" : "done");
        const end = await open().keeper.carryOut(`u${kill}`);
        expect([nth, end.conflicts, end.unverified, end.failure, end.restored.length]).toEqual([nth, [], [], undefined, changes.length]);
        expect([nth, await rows()]).toEqual([nth, before]);
      }
      expect(seen).toEqual(new Set(["untouched", "done"]));
    },
    longestMs,
  );
});

it("leaves nothing running when a server is killed with -9 while it tries a statement without an end", async () => {
  const endless = "UPDATE prices SET year = (WITH RECURSIVE up (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up) SELECT max(x) FROM up)";
  const { run } = await inSqlite();
  const path = join(top, "shop.db");
  for (const sql of [...shopTables, ...shopRows()]) await run(sql);
  const words = [...pullcordWords.slice(0, -1), fileURLToPath(new URL("undo/try-endless.mjs", import.meta.url))];
  const trying = spawn(process.execPath, [...words, join(top, "data"), path, endless, "prices"], { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = (await once(trying.stdout, "data")) as [Buffer];
  const pid = Number(String(said));
  expect(isAlive(pid)).toBe(true);
  // It holds the file while it runs.
  await vi.waitFor(() => expect(run("BEGIN IMMEDIATE")).rejects.toThrow(/locked/), eventually);
  trying.kill("SIGKILL");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), eventually);
  // Its last threads let go of the file a moment after its first has ended.
  await vi.waitFor(() => run("UPDATE prices SET year = year + 1"), eventually);
});

/** What has ended and that nobody has asked after yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
}
