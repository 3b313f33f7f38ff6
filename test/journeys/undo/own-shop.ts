import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { PostgresDatabase, postgresServers } from "./postgres-database.js";
import type { Telling } from "./programs.js";

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
  const database = await PostgresDatabase.make(server);
  return {
    told: { postgres: database.url },
    run: async (sql) => (await database.client.query(sql)).rowCount ?? 0,
    rows: (table) => database.rows(`SELECT * FROM ${table} ORDER BY 1, 2`),
    drop: () => database.drop({ isForced: true }),
  };
}

export const dialects: readonly { readonly dialect: string; readonly open: (folder: string) => Promise<Shop> }[] = [
  { dialect: "SQLite", open: sqliteShop },
  ...postgresServers.map((url, index) => ({ dialect: `PostgreSQL ${index + 1}`, open: () => postgresShop(url) })),
];
