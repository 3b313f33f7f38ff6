import { realpathSync } from "node:fs";
import {
  isNamed,
  quoted,
  type Column,
  type DatabaseSession,
  type Reference,
  type Row,
  type SchemaThing,
  type Table,
  type Watch,
  type Watched,
} from "./session.js";
import { SqliteRunner } from "./sqlite-runner.js";
import { keysIn, rowsWithOtherKeys, watchWholly } from "./whole-tables.js";

/** How long another writer is waited for, in milliseconds. */
const busyMs = 5_000;
/** What SQLite calls the number of a row; whichever no column is called. */
const rowNumbers = ["rowid", "_rowid_", "oid"];

/** Opens a SQLite file that is there, and no link put in its place since. @throws Error as SQLite does */
export async function openSqlite(path: string, { foreignKeys = true } = {}): Promise<DatabaseSession> {
  if (realpathSync(path) !== path) throw new Error(`${path} is a link now.`);
  const address = new URL(`file://${path.split("/").map(encodeURIComponent).join("/")}?mode=rw`).href;
  const runner = SqliteRunner.take();
  try {
    await runner.ask({ kind: "open", address, foreignKeys, busyMs });
  } catch (error) {
    await runner.release();
    throw error;
  }
  return new SqliteSession(runner);
}

class SqliteSession implements DatabaseSession {
  readonly #runner: SqliteRunner;

  constructor(runner: SqliteRunner) {
    this.#runner = runner;
  }

  rows(sql: string): Promise<readonly Cells[]> {
    return this.#runner.ask({ kind: "rows", sql });
  }

  async run(sql: string): Promise<void> {
    await this.#runner.ask({ kind: "run", sql });
  }

  begin(): Promise<void> {
    return this.run("BEGIN IMMEDIATE");
  }

  commit(): Promise<void> {
    return this.run("COMMIT");
  }

  rollback(): Promise<void> {
    return this.#runner.rollback();
  }

  async tables(): Promise<Table[]> {
    const references = referencesOf(await this.rows(referencesQuery));
    const columns = Map.groupBy(await this.rows(columnsQuery), (one) => one["table"] ?? "");
    return [...columns].map(([name, own]) => tableOf(name, own, references.get(name.toLowerCase()) ?? []));
  }

  watch({ all, named }: Watched): Promise<Watch> {
    // Triggers and cascades reach wherever they like; only where there are none does a statement stay with its tables.
    const isWide = all.some(({ hasTriggers, referredBy }) => hasTriggers || referredBy.length > 0);
    return watchWholly(this, all, isWide ? all : named);
  }

  mark(table: Table): Promise<string> {
    return keysIn(this, table);
  }

  cameSince(table: Table, mark: string): Promise<readonly Row[] | null> {
    return rowsWithOtherKeys(this, table, mark);
  }

  touched(): Promise<null> {
    return Promise.resolve(null);
  }

  async has({ type, name, table }: SchemaThing): Promise<boolean> {
    if (type === "column")
      return (await this.rows(`SELECT name FROM pragma_table_xinfo(${text(table ?? "")})`)).some((one) => isNamed(one["name"] ?? "", name));
    return (
      (await this.rows(`SELECT 1 AS found FROM sqlite_master WHERE type = ${text(type)} AND name = ${text(name)} COLLATE NOCASE`)).length >
      0
    );
  }

  /** Triggers are taken away and made again: both are part of the transaction. */
  async withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T> {
    const names = tables.filter(({ hasTriggers }) => hasTriggers).map(({ name }) => text(name));
    if (names.length === 0) return work();
    const triggers = await this.rows(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (${names.join(", ")})`);
    for (const { name } of triggers) await this.run(`DROP TRIGGER ${quoted(name ?? "")}`);
    const result = await work();
    for (const { sql } of triggers) await this.run(sql ?? "");
    return result;
  }

  literal(column: string): string {
    const name = quoted(column);
    // `quote` ends a text at a zero byte.
    return `CASE WHEN typeof(${name}) = 'text' AND instr(${name}, char(0)) THEN 'CAST(x''' || hex(${name}) || ''' AS TEXT)' ELSE quote(${name}) END`;
  }

  /** Rows have a number; those of a virtual table may not, and are not kept. */
  isOneOf(): null {
    return null;
  }

  close(): Promise<void> {
    return this.#runner.release();
  }
}

const isOfOthers = "m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/** A row for each column. */
const columnsQuery = `
SELECT m.name AS "table", c.name, c.pk, c.hidden, c.dflt_value, m.sql LIKE 'create virtual%' AS virtual,
  EXISTS (SELECT 1 FROM sqlite_master t WHERE t.type = 'trigger' AND t.tbl_name = m.name) AS triggers
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE ${isOfOthers} ORDER BY m.name, c.cid`;

/** A row for each column of a foreign key; without a name it points at the key of the other table. */
const referencesQuery = `
SELECT m.name AS child, f.id, f."table" AS parent, f."from" AS own,
  coalesce(f."to", (SELECT name FROM pragma_table_xinfo(f."table") WHERE pk = f.seq + 1)) AS theirs
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE ${isOfOthers} ORDER BY m.name, f.id, f.seq`;

type Cells = Readonly<Record<string, string | null>>;

function tableOf(name: string, own: readonly Cells[], referredBy: readonly Reference[]): Table {
  const columns = own.map((one): Column => {
    return { name: one["name"] ?? "", isWritable: one["hidden"] === "0", hasDefault: one["dflt_value"] !== null || one["pk"] !== "0" };
  });
  const keys = own.filter(({ pk }) => pk !== "0").toSorted((one, other) => Number(one["pk"]) - Number(other["pk"]));
  const table = { id: name, name, sql: quoted(name), referredBy, hasTriggers: own[0]?.["triggers"] === "1", isIdentity: false };
  if (keys.length > 0) return { ...table, columns, key: keys.map((one) => one["name"] ?? "") };
  const rowNumber = rowNumbers.find((word) => columns.every((column) => column.name.toLowerCase() !== word));
  // A virtual table's rows are somewhere else, and may have no number.
  if (rowNumber === undefined || own[0]?.["virtual"] === "1") return { ...table, columns, key: [] };
  return { ...table, columns: [{ name: rowNumber, isWritable: true, hasDefault: true }, ...columns], key: [rowNumber] };
}

/** By the name of the table that is pointed at, in small letters. */
function referencesOf(found: readonly Cells[]): Map<string, Reference[]> {
  const references = new Map<string, Reference[]>();
  for (const own of Map.groupBy(found, ({ child, id }) => `${id} ${child}`).values()) {
    const parent = (own[0]?.["parent"] ?? "").toLowerCase();
    const reference = {
      table: quoted(own[0]?.["child"] ?? ""),
      columns: own.flatMap((part) => part["own"] ?? []),
      keys: own.flatMap(({ theirs }) => theirs ?? []),
    };
    references.set(parent, [...(references.get(parent) ?? []), reference]);
  }
  return references;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
