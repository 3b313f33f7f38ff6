import { setTimeout } from "node:timers/promises";
import { countsOf } from "./postgres-counts.js";
import { referencesQuery, tablesFrom, tablesQuery } from "./postgres-tables.js";
import { isNotIn } from "./postgres-versions.js";
import { watchRows } from "./postgres-watch.js";
import {
  quoted,
  rowsOf,
  textLiteral,
  type Cells,
  type Column,
  type DatabaseSession,
  type Row,
  type SchemaThing,
  type Table,
  type TransactionNumbers,
  type Watch,
  type Watched,
} from "./session.js";
import type { Statement } from "./statement.js";

/** What is asked of a PostgreSQL connection; a client of `pg` is one. */
export interface PostgresClient {
  query(query: { readonly text: string; readonly rowMode: "array" }): Promise<{
    readonly rows: readonly (readonly unknown[])[];
    readonly fields: readonly { readonly name: string }[];
  }>;
  end(): Promise<void>;
}

/** How values are written: so that each comes back as what it was. */
const settings =
  "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; SET standard_conforming_strings = on";

/** How often, and how many milliseconds apart, it is looked whether a transaction that lost its client has ended. */
const mostLooks = 100;
const lookEveryMs = 100;

/** Opens undo's words for a PostgreSQL database. The clients should have their time limits set. */
export async function openPostgres(connect: () => Promise<PostgresClient>): Promise<DatabaseSession> {
  const session = new PostgresSession(await connect(), () => openPostgres(connect));
  try {
    await session.run(settings);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Statements that change rows, and nothing that tables are made of. */
const leavesTables = /^(?:INSERT|UPDATE|DELETE|SAVEPOINT|RELEASE|SET)\b/i;

class PostgresSession implements DatabaseSession {
  readonly keepsReferences = true;
  readonly transactionNumbers: TransactionNumbers = {
    own: async () => (await this.rows("SELECT pg_current_xact_id()::text AS number"))[0]?.["number"] ?? "",
    wasCommitted: async (number) => {
      for (let look = 0; look < mostLooks; look++) {
        const [found] = await this.rows(`SELECT pg_xact_status('${number}'::xid8) AS status`);
        if (found?.["status"] !== "in progress") return found?.["status"] === "committed";
        await setTimeout(lookEveryMs);
      }
      throw new Error("An undo of before is still going on there.");
    },
  };
  readonly locking = "";
  readonly firesTriggers = false;
  readonly #client: PostgresClient;
  /** Opens one more connection to the same database. */
  readonly #openAnother: () => Promise<DatabaseSession>;
  /** As they were at the last look, until a statement may have changed them. */
  #tables: Promise<readonly Table[]> | null = null;

  constructor(client: PostgresClient, openAnother: () => Promise<DatabaseSession>) {
    this.#client = client;
    this.#openAnother = openAnother;
  }

  async rows(sql: string): Promise<readonly Cells[]> {
    const { rows, fields } = await this.#client.query({ text: sql, rowMode: "array" });
    return rows.map((cells) => Object.fromEntries(fields.map(({ name }, index) => [name, asText(cells[index])])));
  }

  async run(sql: string): Promise<void> {
    if (!leavesTables.test(sql)) this.#tables = null;
    await this.#client.query({ text: sql, rowMode: "array" });
  }

  runAsGiven({ text }: Statement): Promise<void> {
    return this.run(text);
  }

  /** A rollback takes back whatever runs here. */
  admit(): Promise<void> {
    return Promise.resolve();
  }

  begin(): Promise<void> {
    return this.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
  }

  commit(): Promise<void> {
    return this.run("COMMIT");
  }

  rollback(): Promise<void> {
    return this.run("ROLLBACK");
  }

  tables(): Promise<readonly Table[]> {
    this.#tables ??= this.#readTables();
    return this.#tables;
  }

  watch(watched: Watched): Promise<Watch> {
    return watchRows(this, watched, this.#openAnother);
  }

  async mark(): Promise<string> {
    return (await this.rows("SELECT pg_current_snapshot()::text AS mark"))[0]?.["mark"] ?? "";
  }

  cameSince(table: Table, mark: string): Promise<readonly Row[] | null> {
    return rowsOf(this, table, { where: isNotIn(mark) });
  }

  /** The server counts for itself: functions, triggers and cascades included. */
  async touched(): Promise<string[]> {
    return [...(await countsOf(this)).values()].map(({ name }) => name);
  }

  async has({ type, name, table }: SchemaThing): Promise<boolean> {
    const sql =
      type === "column"
        ? `SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(${textLiteral(asName(table ?? ""))}) AND attname = ${textLiteral(name)} AND NOT attisdropped`
        : `SELECT 1 WHERE to_regclass(${textLiteral(asName(name))}) IS NOT NULL`;
    return (await this.rows(sql)).length > 0;
  }

  async withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T> {
    const own = tables.filter(({ hasTriggers }) => hasTriggers);
    for (const { sql } of own) await this.run(`ALTER TABLE ${sql} DISABLE TRIGGER USER`);
    const result = await work();
    for (const { sql } of own) await this.run(`ALTER TABLE ${sql} ENABLE TRIGGER USER`);
    return result;
  }

  literal({ name }: Column): string {
    return `quote_nullable(${quoted(name)}::text)`;
  }

  isOneOf({ sql, columns }: Table, row: Row, count: number): string {
    const alike = columns.flatMap(({ name }) => (name in row ? [isExactly(name, row[name] ?? "NULL")] : []));
    return `(tableoid, ctid) IN (SELECT tableoid, ctid FROM ${sql} WHERE ${alike.join(" AND ")} LIMIT ${count})`;
  }

  close(): Promise<void> {
    return this.#client.end();
  }

  async #readTables(): Promise<Table[]> {
    return tablesFrom(await this.rows(tablesQuery), await this.rows(referencesQuery));
  }
}

/** Letter for letter: values may be equal and yet written differently, and not every type can be compared. */
function isExactly(column: string, literal: string): string {
  return literal === "NULL" ? `${quoted(column)} IS NULL` : `${quoted(column)}::text = ${literal}`;
}

/** As `to_regclass` reads it: each part quoted. */
function asName(name: string): string {
  return name.split(".").map(quoted).join(".");
}

/** Everything is asked for as text; drivers turn some of it into what they take it for. */
function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "boolean" ? (value ? "t" : "f") : String(value);
}
