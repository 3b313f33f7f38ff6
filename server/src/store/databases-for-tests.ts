import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, describe } from "vitest";
import type { Database } from "./database.js";
import { openPostgres, type PostgresLimits } from "./postgres.js";
import { openSqlite } from "./sqlite.js";
import { Store } from "./store.js";

/** Builders for tests only; nothing that ships imports this file. */

/** One database of a test's own; it may be opened more than once. */
export interface TestDatabase {
  /** @param limits only for PostgreSQL; default its own */
  open(limits?: PostgresLimits): Promise<Database>;
  /** The same behind a store. */
  store(): Promise<Store>;
  /** Runs SQL behind the store's back. */
  meddle(sql: string): Promise<void>;
}

interface Kind {
  readonly name: string;
  create(): Promise<{ open(limits?: PostgresLimits): Promise<Database>; meddle(sql: string): Promise<void>; drop(): Promise<void> }>;
}

const urlsVariable = "PULLCORD_TEST_POSTGRES_URLS";
const urls = (process.env[urlsVariable] ?? "").split(" ").filter((url) => url !== "");

/** Declares the tests once for SQLite and once for each PostgreSQL that there is; without any, they are skipped by name. */
export function onEveryDatabase(title: string, tests: (fresh: () => Promise<TestDatabase>, kind: string) => void): void {
  for (const kind of [sqliteKind, ...urls.map(postgresKind)]) describe(`${title} on ${kind.name}`, () => tests(freshOf(kind), kind.name));
  if (urls.length === 0)
    describe.skip(`${title} on PostgreSQL (${urlsVariable} names no server)`, () => tests(freshOf(sqliteKind), "PostgreSQL"));
}

function freshOf(kind: Kind): () => Promise<TestDatabase> {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return async () => {
    const database = await kind.create();
    ends.push(() => database.drop());
    return {
      ...database,
      store: async () => {
        const store = new Store(await database.open());
        ends.push(() => store.close());
        return store;
      },
    };
  };
}

const sqliteKind: Kind = {
  name: "SQLite",
  create: async () => {
    const folder = mkdtempSync(join(tmpdir(), "pullcord-store-"));
    const file = join(folder, "pullcord.db");
    return {
      open: () => openSqlite(file),
      meddle: async (sql) => {
        const { default: SqliteDatabase } = await import("better-sqlite3");
        const connection = new SqliteDatabase(file);
        connection.exec(sql);
        connection.close();
      },
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

function postgresKind(url: string, index: number): Kind {
  return {
    name: `PostgreSQL ${index + 1} of ${urls.length}`,
    create: async () => {
      const name = `pullcord_${randomBytes(8).toString("hex")}`;
      await ask(url, `create database ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      return {
        open: (limits) => openPostgres(own.href, limits),
        meddle: (sql) => ask(own.href, sql),
        drop: () => ask(url, `drop database ${name} with (force)`),
      };
    },
  };
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // It may be cut like any other; what it was asked reports that.
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
