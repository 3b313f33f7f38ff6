import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { Telling } from "./programs.js";

const urls = (process.env["PULLCORD_TEST_POSTGRES_URLS"] ?? "").split(" ").filter((url) => url !== "");
/** How long a program's transaction is waited for, in milliseconds. */
const busyMs = 60_000;

type Row = Record<string, unknown>;

/** A database of the program's, as the test sees it. */
export interface Shop {
  readonly told: Pick<Telling, "postgres" | "sqlite">;
  /** @returns how many rows it changed */
  run(sql: string): Promise<number>;
  rows(table: string): Promise<Row[]>;
  drop(): Promise<void>;
}

async function sqliteShop(folder: string): Promise<Shop> {
  const path = join(folder, "shop.db");
  const inDatabase = <T>(work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(path, { timeout: busyMs });
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    told: { sqlite: path },
    run: async (sql) => inDatabase((database) => Number(database.prepare(sql).run().changes)),
    rows: async (table) => inDatabase((database) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()),
    drop: async () => {},
  };
}

async function postgresShop(server: string): Promise<Shop> {
  const url = new URL(server);
  url.pathname = `/own_${randomBytes(6).toString("hex")}`;
  const name = url.pathname.slice(1);
  const asked = async (at: string, sql: string) => {
    const client = new pg.Client({ connectionString: at });
    await client.connect();
    try {
      return await client.query<Record<string, unknown>>(sql);
    } finally {
      await client.end();
    }
  };
  await asked(server, `CREATE DATABASE ${name}`);
  return {
    told: { postgres: url.href },
    run: async (sql) => (await asked(url.href, sql)).rowCount ?? 0,
    rows: async (table) => (await asked(url.href, `SELECT * FROM ${table} ORDER BY 1, 2`)).rows,
    drop: async () => void (await asked(server, `DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

export const dialects: readonly { readonly dialect: string; readonly open: (folder: string) => Promise<Shop> }[] = [
  { dialect: "SQLite", open: sqliteShop },
  ...urls.map((url, index) => ({ dialect: `PostgreSQL ${index + 1}`, open: () => postgresShop(url) })),
];
