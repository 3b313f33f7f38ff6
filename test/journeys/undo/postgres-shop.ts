import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { change, shopRows, shopTables } from "../../../sdk/src/undo/database/churn.test.support.js";
import type { Statement } from "../../../sdk/src/undo/database/statement.js";
import { RowsWorkshop } from "../../../sdk/src/undo/database/rows-workshop.test.support.js";
import { PostgresDatabase } from "./postgres-database.js";

/** A shop in a PostgreSQL database of its own, and one run on it. */
export class PostgresShop {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
  readonly client: pg.Client;
  readonly workshop: RowsWorkshop;
  readonly #database: PostgresDatabase;

  private constructor(database: PostgresDatabase) {
    this.#database = database;
    this.client = database.client;
    this.workshop = new RowsWorkshop({
      folder: this.folder,
      connect: { postgres: () => this.connect(), mysql: () => Promise.reject(new Error("There is none.")) },
      place: { dialect: "postgres", name: "shop" },
      shown: "shop",
      run: (sql) => this.client.query(sql),
      change: (step, random) => (step % 3 === 0 ? untold(change(step, random, true)) : change(step, random, true)),
    });
  }

  static async open(server: string): Promise<PostgresShop> {
    const database = await PostgresDatabase.make(server);
    for (const sql of [...shopTables, ...shopRows()]) await database.client.query(sql);
    return new PostgresShop(database);
  }

  /** One more connection, somebody else's. */
  connect(): Promise<pg.Client> {
    return this.#database.connect();
  }

  rows(sql: string): Promise<Record<string, unknown>[]> {
    return this.#database.rows(sql);
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
    await this.#database.drop({ isForced: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The same, found as where statements can't be asked which rows they touch. */
function untold(statements: readonly Statement[]): Statement[] {
  return statements.map(({ target: _target, ...statement }) => statement);
}
