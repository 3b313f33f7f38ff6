import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type mysql from "mysql2/promise";
import type { MysqlClient } from "@pullcord/sdk/undo";
import { changeInMysql, shopRows, shopTablesInMysql } from "../../../sdk/src/undo/database/churn.test.support.js";
import { RowsWorkshop } from "../../../sdk/src/undo/database/rows-workshop.test.support.js";
import type { Statement } from "../../../sdk/src/undo/database/statement.js";
import { Findings } from "../../../server/src/domain/risk/findings.js";
import { noteSql, prepareReading } from "../../../server/src/domain/risk/sql.js";
import { connectMysql } from "../../../server/src/snapshots/mysql-driver.js";
import { MysqlDatabase, type MysqlServer } from "./mysql-database.js";

/** A shop in a MySQL database of its own, and one run on it that goes through judgment's reading. */
export class MysqlShop {
  readonly url: URL;
  readonly client: mysql.Connection;
  readonly workshop: RowsWorkshop;
  /** What somebody else does right before one of our statements reaches the server. */
  meanwhile: (sql: string, session: MysqlClient) => Promise<unknown> = () => Promise.resolve();
  #tried = 0;
  readonly #database: MysqlDatabase;
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));

  private constructor(database: MysqlDatabase) {
    this.#database = database;
    this.url = database.url;
    this.client = database.client;
    this.workshop = new RowsWorkshop({
      folder: this.#folder,
      connect: { mysql: () => this.#connect(), postgres: () => Promise.reject(new Error("There is none.")) },
      place: { dialect: "mysql", name: "shop" },
      shown: "shop",
      change: (step, random) => readInMysql(changeInMysql(step, random)),
      run: (sql) => this.client.query(sql),
    });
  }

  static async open(server: MysqlServer): Promise<MysqlShop> {
    await prepareReading();
    const database = await MysqlDatabase.make(server);
    for (const sql of [...shopTablesInMysql, ...shopRows()]) await database.client.query(sql);
    return new MysqlShop(database);
  }

  get name(): string {
    return this.#database.name;
  }

  /** How many rows a statement changed. */
  async change(sql: string): Promise<number> {
    const [result] = await this.client.query(sql);
    return Array.isArray(result) ? 0 : result.affectedRows;
  }

  rows(sql: string): Promise<readonly Record<string, unknown>[]> {
    return this.#database.rows(sql);
  }

  /** What each table was made with but for its counter, which goes on, and the server's own sum over its rows. */
  async dump(): Promise<unknown> {
    const found = [];
    for (const row of await this.rows("SHOW TABLES")) {
      const table = String(Object.values(row)[0]);
      const [made] = await this.rows(`SHOW CREATE TABLE \`${table}\``);
      const text = String(Object.values(made ?? {})[1]).replace(/ AUTO_INCREMENT=\d+/, "");
      // Over lists in documents, MySQL sums up another number each time.
      const isSummed = !text.includes(" array)");
      const [sum] = isSummed ? await this.rows(`CHECKSUM TABLE \`${table}\``) : [];
      found.push([table, text, isSummed ? Object.values(sum ?? {})[1] : await this.rows(`SELECT * FROM \`${table}\``)]);
    }
    return found;
  }

  act(id: string, sql: string, work?: () => Promise<void>): Promise<void> {
    return this.workshop.act(id, readInMysql(sql), work);
  }

  /** Tries a text out, if judgment reads it as something to try; nothing of it is run. @returns whether it was, and went back */
  async isTried(sql: string): Promise<boolean> {
    let statements: Statement[];
    try {
      statements = readInMysql(sql);
    } catch {
      return false;
    }
    return this.workshop.began(`tried-${(this.#tried += 1)}`, statements).then(
      () => true,
      (error: unknown) => {
        if ((error as { reason?: unknown }).reason !== "rows_not_kept") throw error;
        return false;
      },
    );
  }

  /** Takes all of it back. @throws where anything is left */
  async undo(): Promise<void> {
    const { end } = await this.workshop.undo();
    if (end.conflicts.length + end.unverified.length > 0 || end.failure !== undefined) throw new Error(JSON.stringify(end));
  }

  /** Why a statement is not kept. */
  async refusalOf(sql: string): Promise<string> {
    try {
      await this.act("a1", sql);
    } catch (error) {
      if ((error as { reason?: unknown }).reason !== "rows_not_kept") throw error;
      return (error as Error).message;
    }
    throw new Error(`This was kept, and run: ${sql}`);
  }

  async close(): Promise<void> {
    await this.#database.drop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #connect(): Promise<MysqlClient> {
    const made = await connectMysql(this.url);
    return {
      ...made,
      query: async (sql) => {
        await this.meanwhile(sql, made);
        return made.query(sql);
      },
    };
  }
}

/** As judgment reads them, each with the tables that it names. @throws where one of them could not be tried */
export function readInMysql(sql: string): Statement[] {
  const findings = new Findings();
  noteSql(sql, { name: "shop", production: false, dialect: "mysql" }, findings);
  return findings.statements.map(({ text, wayBack }) => {
    if (text === undefined || wayBack?.kind !== "rows") throw new Error(`This has no way back: ${sql}`);
    const { tables, reads = [], touched } = wayBack;
    return { text, tables, reads, ...(touched ? { touched } : {}) };
  });
}
