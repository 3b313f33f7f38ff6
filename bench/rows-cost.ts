import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { median } from "./measuring/statistics.ts";

const sizes = [1_000, 1_000_000];
const rounds = 9;
const update = "UPDATE big SET n = n + 1 WHERE id BETWEEN 500 AND 509";

type KeptPlace = Parameters<SnapshotKeeper["databases"]["began"]>[1]["place"];

/** A table of so many rows in one dialect, and both ways to run a statement on it, in milliseconds. */
interface Bench {
  bare(): Promise<void>;
  /** What an action waits for: the statement tried, taken back, looked at, written down. */
  kept(): Promise<void>;
  close(): Promise<void>;
}

/** What a trial of a statement costs beside the statement, as a section of RESULTS.md. */
export async function rowsCostReport(postgresUrl: string | undefined): Promise<string> {
  const lines: string[] = [];
  for (const rows of sizes) {
    lines.push(await measured("SQLite", rows, await inSqlite(rows)));
    if (postgresUrl !== undefined) lines.push(await measured("PostgreSQL", rows, await inPostgres(rows, postgresUrl)));
  }
  return `## What a trial of rows costs

\`UPDATE\` of 10 rows by key, in a table of so many rows; medians of ${rounds} rounds in turn. Bare: in a transaction that is rolled back.
Cost is to follow the rows that change; in PostgreSQL each touched table is looked through inside the server, by the numbers of its versions.

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
  const keep = keeping(folder, { dialect: "sqlite", path });
  const close = () => {
    database.close();
    return Promise.resolve(rmSync(folder, { recursive: true, force: true }));
  };
  return Promise.resolve({ bare: () => Promise.resolve(database.exec(`BEGIN IMMEDIATE; ${update}; ROLLBACK`)), kept: keep, close });
}

async function inPostgres(rows: number, server: string): Promise<Bench> {
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
  const keep = keeping(folder, { dialect: "postgres", name: "big" }, connect);
  const close = async () => {
    await client.end();
    await owner.query(`DROP DATABASE ${url.pathname.slice(1)} WITH (FORCE)`);
    await owner.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { bare: async () => void (await client.query(`BEGIN; ${update}; ROLLBACK`)), kept: keep, close };
}

function keeping(folder: string, place: KeptPlace, connect?: () => Promise<pg.Client>): () => Promise<void> {
  const keeper = new SnapshotKeeper({
    folder: join(folder, "data"),
    ownFolder: join(folder, "data"),
    quotaBytes: 2 ** 30,
    bounds: { mostEntries: 1_000, longestMs: 60_000 },
    ...(connect ? { connect: { postgres: connect, mysql: () => Promise.reject(new Error("Not measured.")) } } : {}),
  });
  const key = { runId: "bench", actionId: "bench" };
  return async () => {
    await keeper.databases.began(key, { place, shown: "big", statements: [{ text: update, tables: ["big"] }] });
    await keeper.databases.cancelled(key);
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
