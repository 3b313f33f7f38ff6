import { realpathSync } from "node:fs";
import {
  isNamed,
  quoted,
  rowsOf,
  textLiteral,
  type Cells,
  type Column,
  type DatabaseSession,
  type Reference,
  type Row,
  type SchemaThing,
  type Table,
  type Watch,
  type Watched,
} from "./session.js";
import type { Statement } from "./statement.js";
import { refuseNamingJournal } from "./sqlite-journal.js";
import { SqliteRunner } from "./sqlite-runner.js";
import { watchSqlite, type TableFacts } from "./sqlite-watch.js";
import { keysIn, rowsWithOtherKeys, watchWholly } from "./whole-tables.js";

/** How long another writer is waited for, in milliseconds. */
const busyMs = 5_000;
/** So much may be put in when statements are tried, in bytes: twice what the record of an action may hold. */
const mostGrowth = 64 * 2 ** 20;
/** What SQLite calls the number of a row; whichever no column is called. */
const rowNumbers = ["rowid", "_rowid_", "oid"];

/**
 * Opens a SQLite file that is there, and no link put in its place since. `keepsReferences`: as a client does that has
 * told SQLite to; without, undo sees to it itself, and no cascade takes anything along. @throws Error as SQLite does
 */
export async function openSqlite(path: string, { keepsReferences = false } = {}): Promise<DatabaseSession> {
  if (realpathSync(path) !== path) throw new Error(`${path} is a link now.`);
  refuseNamingJournal(path);
  const address = new URL(`file://${path.split("/").map(encodeURIComponent).join("/")}?mode=rw`).href;
  const runner = SqliteRunner.take();
  try {
    await runner.ask({ kind: "open", address, foreignKeys: keepsReferences, busyMs });
  } catch (error) {
    await runner.release();
    throw error;
  }
  const statements: SqliteStatements = {
    rows: (sql) => runner.ask({ kind: "rows", sql }),
    run: (sql) => runner.ask({ kind: "run", sql }),
    rollback: () => runner.rollback(),
    release: () => runner.release(),
  };
  return new SqliteSession(statements, {
    keepsReferences,
    watch: (watched, session, facts) => watchSqlite({ ...watched, session, runner, facts }),
  });
}

/** Undo's words for a connection of a program's own, which keeps references; tables are read as a whole. */
export function sqliteSession(statements: SqliteStatements): DatabaseSession {
  return new SqliteSession(statements, { keepsReferences: true, watch: ({ all }, session) => watchWholly(session, all, all) });
}

/** One connection to a SQLite file, wherever its statements run. Each throws, or rejects, with SQLite's own words. */
interface SqliteStatements {
  rows(sql: string): readonly Cells[] | Promise<readonly Cells[]>;
  run(sql: string): unknown;
  /** Nothing where no transaction is open. */
  rollback(): unknown;
  release(): unknown;
}

interface SqliteOptions {
  readonly keepsReferences: boolean;
  readonly watch: (watched: Watched, session: DatabaseSession, facts: ReadonlyMap<string, TableFacts>) => Promise<Watch>;
}

class SqliteSession implements DatabaseSession {
  readonly transactionNumbers = null;
  readonly locking = "";
  readonly firesTriggers = false;
  readonly #statements: SqliteStatements;
  readonly #watch: SqliteOptions["watch"];
  readonly keepsReferences: boolean;
  /** Of the tables at the last look. */
  #facts: ReadonlyMap<string, TableFacts> = new Map();

  constructor(statements: SqliteStatements, { keepsReferences, watch }: SqliteOptions) {
    this.#statements = statements;
    this.#watch = watch;
    this.keepsReferences = keepsReferences;
  }

  async rows(sql: string): Promise<readonly Cells[]> {
    return this.#statements.rows(sql);
  }

  async run(sql: string): Promise<void> {
    await this.#statements.run(sql);
  }

  runAsGiven({ text }: Statement): Promise<void> {
    return this.run(text);
  }

  /** A rollback takes back whatever runs here, but not how long the files beside it have grown. */
  async admit(): Promise<void> {
    const [found] = await this.rows("SELECT page_count AS pages, page_size AS bytes FROM pragma_page_count(), pragma_page_size()");
    const more = Math.ceil(mostGrowth / Number(found?.["bytes"] ?? 1));
    await this.run(`PRAGMA max_page_count = ${Number(found?.["pages"] ?? 0) + more}`);
  }

  begin(): Promise<void> {
    return this.run("BEGIN IMMEDIATE");
  }

  commit(): Promise<void> {
    return this.run("COMMIT");
  }

  async rollback(): Promise<void> {
    await this.#statements.rollback();
  }

  async tables(): Promise<Table[]> {
    const columns = Map.groupBy(await this.rows(columnsQuery), (one) => one["table"] ?? "");
    const references = referencesOf(await this.rows(referencesQuery), [...columns.keys()]);
    this.#facts = new Map([...columns].map(([name, own]) => [name, factsOf(own)]));
    return [...columns].map(([name, own]) => {
      const pointsTo = this.keepsReferences ? [] : (references.pointing.get(name) ?? []);
      return tableOf(name, own, { referredBy: references.pointedAt.get(name.toLowerCase()) ?? [], pointsTo });
    });
  }

  watch(watched: Watched): Promise<Watch> {
    return this.#watch(watched, this, this.#facts);
  }

  /** New rows get the next number; without numbers, all keys are remembered. */
  async mark(table: Table): Promise<string> {
    const number = this.#facts.get(table.name)?.rowNumber;
    if (!number) return `keys ${await keysIn(this, table)}`;
    const [found] = await this.rows(`SELECT max(${number}) AS last FROM ${table.sql}`);
    return `above ${found?.["last"] ?? 0}`;
  }

  cameSince(table: Table, mark: string): Promise<readonly Row[] | null> {
    const [, kind, rest = ""] = /^(keys|above) (.*)$/s.exec(mark) ?? [];
    if (kind === "keys") return rowsWithOtherKeys(this, table, rest);
    return rowsOf(this, table, { where: `${this.#facts.get(table.name)?.rowNumber ?? "rowid"} > ${rest}` });
  }

  touched(): Promise<null> {
    return Promise.resolve(null);
  }

  async has({ type, name, table }: SchemaThing): Promise<boolean> {
    if (type === "column")
      return (await this.rows(`SELECT name FROM pragma_table_xinfo(${textLiteral(table ?? "")})`)).some((one) =>
        isNamed(one["name"] ?? "", name),
      );
    return (
      (
        await this.rows(
          `SELECT 1 AS found FROM sqlite_master WHERE type = ${textLiteral(type)} AND name = ${textLiteral(name)} COLLATE NOCASE`,
        )
      ).length > 0
    );
  }

  /** Triggers are taken away and made again: both are part of the transaction. */
  async withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T> {
    const names = tables.filter(({ hasTriggers }) => hasTriggers).map(({ name }) => textLiteral(name));
    if (names.length === 0) return work();
    const triggers = await this.rows(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (${names.join(", ")})`);
    for (const { name } of triggers) await this.run(`DROP TRIGGER ${quoted(name ?? "")}`);
    const result = await work();
    for (const { sql } of triggers) await this.run(sql ?? "");
    return result;
  }

  literal(column: Column): string {
    const name = quoted(column.name);
    // `quote` ends a text at a zero byte.
    return `CASE WHEN typeof(${name}) = 'text' AND instr(${name}, char(0)) THEN 'CAST(x''' || hex(${name}) || ''' AS TEXT)' ELSE quote(${name}) END`;
  }

  /** Rows have a number; those of a virtual table may not, and are not kept. */
  isOneOf(): null {
    return null;
  }

  async close(): Promise<void> {
    await this.#statements.release();
  }
}

const isOfOthers = "m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/** A row for each column. */
const columnsQuery = `
SELECT m.name AS "table", c.name, c.pk, c.hidden, c.dflt_value, c."notnull" AS filled, l.type, l.wr AS unnumbered,
  EXISTS (SELECT 1 FROM sqlite_master t WHERE t.type = 'trigger' AND t.tbl_name = m.name) AS triggers
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c JOIN pragma_table_list l ON l.schema = 'main' AND l.name = m.name WHERE ${isOfOthers} ORDER BY m.name, c.cid`;

/** A row for each column of a foreign key; without a name it points at the key of the other table. */
const referencesQuery = `
SELECT m.name AS child, f.id, f."table" AS parent, f."from" AS own,
  coalesce(f."to", (SELECT name FROM pragma_table_xinfo(f."table") WHERE pk = f.seq + 1)) AS theirs
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE ${isOfOthers} ORDER BY m.name, f.id, f.seq`;

function tableOf(name: string, own: readonly Cells[], references: Pick<Table, "referredBy" | "pointsTo">): Table {
  const columns = own.map((one): Column => {
    return { name: one["name"] ?? "", isWritable: one["hidden"] === "0", hasDefault: one["dflt_value"] !== null || one["pk"] !== "0" };
  });
  const keys = own.filter(({ pk }) => pk !== "0").toSorted((one, other) => Number(one["pk"]) - Number(other["pk"]));
  const table = { id: name, name, sql: quoted(name), ...references, hasTriggers: own[0]?.["triggers"] === "1", isIdentity: false };
  if (keys.length > 0) return { ...table, columns, key: keys.map((one) => one["name"] ?? "") };
  const { rowNumber } = factsOf(own);
  if (rowNumber === null) return { ...table, columns, key: [] };
  return { ...table, columns: [{ name: rowNumber, isWritable: true, hasDefault: true }, ...columns], key: [rowNumber] };
}

function factsOf(own: readonly Cells[]): TableFacts {
  const type = (own[0]?.["type"] ?? "table") as TableFacts["type"];
  const key = own.filter(({ pk }) => pk !== "0");
  const isNumbered = type !== "virtual" && own[0]?.["unnumbered"] === "0";
  const free = rowNumbers.find((word) => own.every(({ name }) => name?.toLowerCase() !== word));
  return {
    type,
    key: key.flatMap(({ name }) => name ?? []),
    isKeyOptional: key.some(({ filled }) => filled !== "1"),
    rowNumber: isNumbered ? (free ?? null) : null,
  };
}

interface References {
  /** By the name of the table that is pointed at, in small letters: by which others. */
  readonly pointedAt: Map<string, Reference[]>;
  /** By the name of the table that points: at which others. */
  readonly pointing: Map<string, Reference[]>;
}

function referencesOf(found: readonly Cells[], names: readonly string[]): References {
  const references: References = { pointedAt: new Map(), pointing: new Map() };
  for (const own of Map.groupBy(found, ({ child, id }) => `${id} ${child}`).values()) {
    const [{ parent, child } = {}] = own;
    const columns = own.flatMap((part) => part["own"] ?? []);
    // Without a key to point at it leads nowhere, whatever stands there.
    const keys = own.flatMap(({ theirs }) => theirs ?? []);
    if (!parent || !child || keys.length !== columns.length) continue;
    const add = (to: Map<string, Reference[]>, name: string, table: string) =>
      to.set(name, [...(to.get(name) ?? []), { table: quoted(table), columns, keys }]);
    add(references.pointedAt, parent.toLowerCase(), child);
    // Under the name that the table has: letters may be large or small.
    const there = names.find((name) => isNamed(name, parent));
    if (there !== undefined) add(references.pointing, child, there);
  }
  return references;
}
