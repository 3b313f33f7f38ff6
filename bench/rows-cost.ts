import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import mysql from "mysql2/promise";
import pg from "pg";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { median } from "./measuring/statistics.ts";

const sizes = [1_000, 1_000_000];
const rounds = 9;
const update = "UPDATE big SET n = n + 1 WHERE id BETWEEN 500 AND 509";

type Kept = Parameters<SnapshotKeeper["databases"]["began"]>[1];
type Connect = ConstructorParameters<typeof SnapshotKeeper>[0]["connect"];

/** Where MySQL's rows can be looked for, as the reading of the statement says. */
const touched = { kind: "updated", from: "big", condition: "WHERE id BETWEEN 500 AND 509", isLimited: false } as const;

/** How PostgreSQL can be asked for its rows, as the reading says, too. */
const told = { target: { table: "big", alias: "big", hasReturning: false } };

/** A table of so many rows in one dialect, and both ways to run a statement on it, in milliseconds. */
interface Bench {
  bare(): Promise<void>;
  /** What an action waits for: the statement tried, taken back, looked at, written down. */
  kept(): Promise<void>;
  close(): Promise<void>;
}

/** What a trial of a statement costs beside the statement, as a section of RESULTS.md. */
export async function rowsCostReport(postgresUrl: string | undefined, mysqlUrl: string | undefined): Promise<string> {
  const lines: string[] = [];
  for (const rows of sizes) {
    lines.push(await measured("SQLite", rows, await inSqlite(rows)));
    if (postgresUrl !== undefined) {
      lines.push(await measured("PostgreSQL", rows, await inPostgres(rows, postgresUrl, told)));
      lines.push(await measured("PostgreSQL, where nothing is told", rows, await inPostgres(rows, postgresUrl, {})));
    }
    if (mysqlUrl !== undefined) lines.push(await measured("MySQL", rows, await inMysql(rows, mysqlUrl)));
  }
  return `## What a trial of rows costs

\`UPDATE\` of 10 rows by key, in a table of so many rows; medians of ${rounds} rounds in turn. Bare: in a transaction that is rolled back.
Cost is to follow the rows that change. PostgreSQL's statements tell which those are; where they can't, each touched table is looked through
inside the server, by the numbers of its versions. MySQL's are looked for where the statement touches them.

| database | rows | bare | tried and kept | in bare ones |
|---|---|---|---|---|
${lines.join("\n")}`;
}

async function measured(name: string, rows: number, bench: Bench): Promise<string> {
  const [bare, kept]: [number[], number[]] = [[], []];
  try {
    for (let round = -1; round < rounds; round++) {
      const took = [await timed(() => bench.bare()), await timed(() => bench.kept())];
      // The first round warms up.
      if (round >= 0) for (const [at, list] of [bare, kept].entries()) list.push(took[at] ?? 0);
    }
  } finally {
    await bench.close();
  }
  const [bareMs, keptMs] = [median(bare), median(kept)];
  return `| ${name} | ${rows.toLocaleString("en")} | ${bareMs.toFixed(2)} ms | ${keptMs.toFixed(1)} ms | ${Math.round(keptMs / bareMs)} |`;
}

function inSqlite(rows: number): Promise<Bench> {
  const folder = realpathSync(mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-rows-")));
  const path = join(folder, "big.db");
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE big (id INTEGER PRIMARY KEY, word TEXT, n INTEGER)");
  database.exec(
    `INSERT INTO big WITH RECURSIVE up (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM up WHERE x < ${rows}) SELECT x, 'word ' || x, x FROM up`,
  );
  const keep = keeping(folder, { place: { dialect: "sqlite", path }, statements: [{ text: update, tables: ["big"] }] });
  const close = () => {
    database.close();
    return Promise.resolve(rmSync(folder, { recursive: true, force: true }));
  };
  return Promise.resolve({ bare: () => Promise.resolve(database.exec(`BEGIN IMMEDIATE; ${update}; ROLLBACK`)), kept: keep, close });
}

async function inPostgres(rows: number, server: string, asked: Partial<typeof told>): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-rows-"));
  const url = new URL(server);
  const connect = async () => {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    return client;
  };
  const owner = await connect();
  url.pathname = `/pullcord_bench_${process.pid}`;
  await owner.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
  const client = await connect();
  await client.query("CREATE TABLE big (id bigint PRIMARY KEY, word text, n int)");
  await client.query(`INSERT INTO big SELECT x, 'word ' || x, x FROM generate_series(1, ${rows}) x`);
  await client.query("VACUUM ANALYZE big");
  const keep = keeping(
    folder,
    { place: { dialect: "postgres", name: "big" }, statements: [{ text: update, tables: ["big"], ...asked }] },
    {
      postgres: connect,
      mysql: notMeasured,
    },
  );
  const close = async () => {
    await client.end();
    await owner.query(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`);
    await owner.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { bare: async () => void (await client.query(`BEGIN; ${update}; ROLLBACK`)), kept: keep, close };
}

async function inMysql(rows: number, server: string): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "pullcord-rows-"));
  const url = new URL(server);
  const owner = await mysql.createConnection(server);
  url.pathname = `/pullcord_bench_${process.pid}`;
  await owner.query(`CREATE DATABASE ${url.pathname.slice(1)}`);
  const client = await mysql.createConnection(url.href);
  await client.query("CREATE TABLE big (id BIGINT PRIMARY KEY, word TEXT, n INT)");
  const digits =
    "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
  const places = Array.from({ length: Math.log10(rows) }, (_, at) => `t${at}.d * ${10 ** at}`);
  const tables = places.map((_, at) => `${digits} t${at}`).join(" CROSS JOIN ");
  await client.query(`INSERT INTO big SELECT x, concat('word ', x), x FROM (SELECT 1 + ${places.join(" + ")} AS x FROM ${tables}) numbers`);
  const connect = async () => {
    const made = await mysql.createConnection({
      uri: url.href,
      flags: ["-FOUND_ROWS"],
      rowsAsArray: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
    });
    const query = async (sql: string) => {
      const [found, fields] = await made.query(sql);
      const isList = Array.isArray(found);
      return {
        columns: isList ? fields.map(({ name }) => name) : [],
        rows: isList ? (found as unknown[][]).map((cells) => cells.map((cell) => (cell === null ? null : String(cell)))) : [],
        affected: isList ? 0 : found.affectedRows,
      };
    };
    return { query, readBody: () => [], end: () => made.end() };
  };
  const keep = keeping(
    folder,
    { place: { dialect: "mysql", name: "big" }, statements: [{ text: update, tables: ["big"], touched }] },
    {
      mysql: connect,
      postgres: notMeasured,
    },
  );
  const close = async () => {
    await client.end();
    await owner.query(`DROP DATABASE ${url.pathname.slice(1)}`);
    await owner.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const bare = async () => {
    for (const sql of ["BEGIN", update, "ROLLBACK"]) await client.query(sql);
  };
  return { bare, kept: keep, close };
}

const notMeasured = () => Promise.reject(new Error("Not measured."));

function keeping(folder: string, kept: Omit<Kept, "shown">, connect?: Connect): () => Promise<void> {
  const keeper = new SnapshotKeeper({
    folder: join(folder, "data"),
    ownFolder: join(folder, "data"),
    quotaBytes: 2 ** 30,
    bounds: { mostEntries: 1_000, longestMs: 60_000 },
    ...(connect ? { connect } : {}),
  });
  const key = { runId: "bench", actionId: "bench" };
  return async () => {
    await keeper.databases.began(key, { ...kept, shown: "big" });
    await keeper.databases.cancelled(key);
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
