import { randomBytes } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { shopRows, shopTables } from "../../../sdk/src/undo/database/churn.test.support.js";
import { RowsWorkshop } from "../../../sdk/src/undo/database/rows-workshop.test.support.js";

/** The servers' addresses; none where there is no PostgreSQL. */
export const postgresServers = (process.env["PULLCORD_TEST_POSTGRES_URLS"] ?? "").split(" ").filter((url) => url !== "");

/** A shop in a PostgreSQL database of its own, and one run on it. */
export class PostgresShop {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  readonly client: pg.Client;
  readonly workshop: RowsWorkshop;
  readonly #server: string;
  readonly #url: URL;

  private constructor(server: string, { url, client }: { readonly url: URL; readonly client: pg.Client }) {
    this.#server = server;
    this.#url = url;
    this.client = client;
    this.workshop = new RowsWorkshop({
      folder: this.folder,
      connect: { postgres: () => this.connect(), mysql: () => Promise.reject(new Error("There is none.")) },
      place: { dialect: "postgres", name: "shop" },
      shown: "shop",
      run: (sql) => client.query(sql),
    });
  }

  static async open(server: string): Promise<PostgresShop> {
    const url = new URL(server);
    url.pathname = `/rows_${randomBytes(6).toString("hex")}`;
    await at(server, `CREATE DATABASE ${url.pathname.slice(1)}`);
    const client = await connected(url.href);
    for (const sql of [...shopTables, ...shopRows()]) await client.query(sql);
    return new PostgresShop(server, { url, client });
  }

  /** One more connection, somebody else's. */
  connect(): Promise<pg.Client> {
    return connected(this.#url.href);
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.client.query<Record<string, unknown>>(sql)).rows;
  }

  /** Every row of every table, and the indexes. */
  async dump(): Promise<unknown> {
    const indexes = await this.rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1");
    const found: unknown[] = [];
    for (const { tablename } of await this.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")) {
      found.push([tablename, await this.rows(`SELECT t::text AS row FROM "${String(tablename)}" t ORDER BY 1`)]);
    }
    return [indexes, found];
  }

  async close(): Promise<void> {
    await this.client.end();
    await at(this.#server, `DROP DATABASE ${this.#url.pathname.slice(1)} WITH (FORCE)`);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function connected(href: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: href });
  await client.connect();
  return client;
}

async function at(server: string, sql: string): Promise<void> {
  const owner = await connected(server);
  await owner.query(sql);
  await owner.end();
}
