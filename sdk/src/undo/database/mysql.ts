import { literalOf, readTables, type MysqlTable } from "./mysql-tables.js";
import { reachOf, requireReach } from "./mysql-reach.js";
import { watchCommitted } from "./mysql-watch.js";
import {
  identityOf,
  keyOf,
  quoted,
  rowsOf,
  textLiteral,
  type Cells,
  type Column,
  type DatabaseSession,
  type Row,
  type SchemaThing,
  type Table,
  type Watch,
  type Watched,
} from "./session.js";
import { areTouchesCounted, topOf, TouchWatch } from "./mysql-touched.js";
import type { Statement } from "./statement.js";
import { rowsWithOtherKeys } from "./whole-tables.js";

/** What is asked of a MySQL or MariaDB connection: a thin layer over any driver. */
export interface MysqlClient {
  /** Runs exactly one statement, which the server itself holds it to; each cell as text. */
  query(sql: string): Promise<MysqlAnswer>;
  /**
   * The tables that a trigger's body, or an expression of a table, names: null where it may do anything but read and
   * write rows, so that a rollback would not take all of it back. Attacker-controlled.
   */
  readBody(body: string): readonly string[] | null;
  end(): Promise<void>;
}

interface MysqlAnswer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** How many rows the server says that it changed, not how many it found: one that is replaced, or changed instead of put in, counts twice. */
  readonly affected: number;
}

/** What the agent's client would find, and what our own statements are written for. */
const clientSettings = ["sql_mode", "time_zone", "foreign_key_checks", "unique_checks"] as const;
const ownSettings =
  "sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES,ALLOW_INVALID_DATES', time_zone = '+00:00', foreign_key_checks = 1, unique_checks = 1";
/**
 * Nothing is ever committed but by `commit`: not after a deadlock has ended a transaction either. No other isolation
 * will do, and a commit is no more than that, whatever the server's settings say.
 */
const always = "autocommit = 0, completion_type = 'NO_CHAIN'";

/** What may be tried at all, once it has been read: whatever else there is may commit by itself. */
const changesRows = /^(?:insert|replace|update|delete)\s/i;

/** Opens undo's words for a MySQL or MariaDB database. The clients should have their time limits set. */
export async function openMysql(connect: () => Promise<MysqlClient>): Promise<DatabaseSession> {
  const session = new MysqlSession(await connect(), () => openMysql(connect));
  try {
    await session.open();
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

class MysqlSession implements DatabaseSession {
  readonly keepsReferences = true;
  readonly transactionNumbers = null;
  readonly locking = " FOR UPDATE";
  readonly firesTriggers = true;
  readonly #client: MysqlClient;
  /** Opens one more connection to the same database. */
  readonly #openAnother: () => Promise<DatabaseSession>;
  #asClient = "";
  /** As they were when the session began, or was last asked to try something. */
  #tables: Promise<readonly MysqlTable[]> | null = null;
  /** While statements run whose rows can be counted. */
  #touches: TouchWatch | null = null;

  constructor(client: MysqlClient, openAnother: () => Promise<DatabaseSession>) {
    this.#client = client;
    this.#openAnother = openAnother;
  }

  async open(): Promise<void> {
    const [found = {}] = await this.rows(`SELECT ${clientSettings.map((name) => `@@SESSION.${name} AS ${name}`).join(", ")}`);
    this.#asClient = clientSettings
      .map((name) => `${name} = ${name.endsWith("_checks") ? found[name] : clientText(found[name] ?? "")}`)
      .join(", ");
    await this.run(`SET SESSION ${always}`);
    await this.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    await this.run(`SET SESSION ${ownSettings}`);
  }

  async rows(sql: string): Promise<readonly Cells[]> {
    return cellsOf(await this.#client.query(sql));
  }

  async run(sql: string): Promise<void> {
    await this.#client.query(sql);
  }

  /** With the modes and the time zone that the agent's own client gets from the server. */
  async runAsGiven(statement: Statement): Promise<void> {
    const run = async (sql: string): Promise<number> => (await this.#asGiven(sql)).affected;
    if (this.#touches === null) await run(statement.text);
    else await this.#touches.around(statement, { run, rows: async (sql) => cellsOf(await this.#asGiven(sql)) });
  }

  async #asGiven(sql: string): Promise<MysqlAnswer> {
    await this.run(`SET SESSION ${this.#asClient}`);
    try {
      return await this.#client.query(sql);
    } finally {
      await this.run(`SET SESSION ${ownSettings}`);
    }
  }

  async admit(statements: readonly Statement[]): Promise<void> {
    for (const { text: sql, inverse } of statements) {
      if (inverse || !changesRows.test(sql)) throw new Error("MySQL commits this by itself, so it can't be tried.");
    }
    this.#tables = null;
    const named = statements.flatMap(({ tables, reads = [] }) => [...tables, ...reads]);
    await requireReach(this, named, await this.#own());
  }

  begin(): Promise<void> {
    return this.run("START TRANSACTION");
  }

  commit(): Promise<void> {
    return this.run("COMMIT");
  }

  rollback(): Promise<void> {
    return this.run("ROLLBACK");
  }

  tables(): Promise<readonly Table[]> {
    return this.#own();
  }

  /** The server says how many rows it changed, not which: where they cannot be counted, all that triggers and cascades reach is looked at. */
  watch({ all, named, wholly, statements = [] }: Watched): Promise<Watch> {
    const reach = reachOf(
      named.map(({ name }) => name),
      all as readonly MysqlTable[],
    );
    const looked = (all as readonly MysqlTable[]).filter(({ name }) => reach.tables.has(name));
    const [only, ...more] = looked;
    const isCounted = only !== undefined && more.length === 0 && wholly.size === 0 && areTouchesCounted(only, statements);
    this.#touches = isCounted ? new TouchWatch(this, only, this.#openAnother) : null;
    return this.#touches ? Promise.resolve(this.#touches) : watchCommitted(this, { all, looked }, this.#openAnother);
  }

  async mark(table: Table): Promise<string> {
    const top = await topOf(this, table as MysqlTable);
    if (top !== null) return JSON.stringify({ top });
    const rows = await rowsOf(this, table);
    return JSON.stringify(rows?.map((row) => identityOf(keyOf(row, table))) ?? null);
  }

  cameSince(table: Table, mark: string): Promise<readonly Row[] | null> {
    const known = JSON.parse(mark) as { readonly top?: string } | null;
    // Too many to be remembered.
    if (known === null) return Promise.resolve(null);
    if (known.top === undefined) return rowsWithOtherKeys(this, table, mark);
    return rowsOf(this, table, { where: `${quoted((table as MysqlTable).counter ?? "")} > ${known.top}` });
  }

  touched(): Promise<null> {
    return Promise.resolve(null);
  }

  async has({ type, name, table }: SchemaThing): Promise<boolean> {
    const where = {
      table: `TABLES WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME = ${textLiteral(name)}`,
      view: `TABLES WHERE TABLE_TYPE = 'VIEW' AND TABLE_NAME = ${textLiteral(name)}`,
      index: `STATISTICS WHERE INDEX_NAME = ${textLiteral(name)}`,
      column: `COLUMNS WHERE TABLE_NAME = ${textLiteral(table ?? "")} AND COLUMN_NAME = ${textLiteral(name)}`,
    }[type];
    return (await this.rows(`SELECT 1 AS found FROM information_schema.${where} AND TABLE_SCHEMA = DATABASE() LIMIT 1`)).length > 0;
  }

  /** MySQL has no way to keep a trigger from firing: those that are there must do no more than a rollback undoes. */
  async withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T> {
    await requireReach(
      this,
      tables.map(({ name }) => name),
      await this.#own(),
    );
    return work();
  }

  literal(column: Column): string {
    return literalOf(column);
  }

  /** Tables without a key are not kept. */
  isOneOf(): null {
    return null;
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  #own(): Promise<readonly MysqlTable[]> {
    this.#tables ??= readTables(this, (body) => this.#client.readBody(body));
    return this.#tables;
  }
}

function cellsOf({ columns, rows }: MysqlAnswer): readonly Cells[] {
  return rows.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null])));
}

/** Before our own mode is set, a backslash may be one or an escape: modes and zones have neither, nor quotes. */
function clientText(value: string): string {
  if (!/^[\w+:/, -]*$/.test(value)) throw new Error("The server's modes can't be read.");
  return `'${value}'`;
}
