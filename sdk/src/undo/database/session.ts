import { hash } from "node:crypto";
import type { Statement } from "./statement.js";
import type { Step } from "./step.js";

/** Words for what is in a database, and what undo needs of a connection to one. */

/** One column of a table. */
export interface Column {
  readonly name: string;
  /** False where the database computes it: it is compared, never written. */
  readonly isWritable: boolean;
  /** The database may fill it in: a row is recognized without it. */
  readonly hasDefault: boolean;
  /** What the database calls its type, where values are written by that. */
  readonly type?: string;
  /** The database sets it anew with every change of its row, unless it is told what to set. */
  readonly updatesItself?: true;
}

/** Rows of another table that point at this one, or that this one's rows point at. */
export interface Reference {
  /** The other table, quoted. */
  readonly table: string;
  /** Columns that point. */
  readonly columns: readonly string[];
  /** Columns that they point at, in the same order. */
  readonly keys: readonly string[];
}

export interface Table {
  /** What it keeps under another name, where the database has such a thing; else its name. */
  readonly id: string;
  /** `users`; `sales.users` outside of the default schema. */
  readonly name: string;
  /** Quoted, for statements. */
  readonly sql: string;
  readonly columns: readonly Column[];
  /** The columns that tell rows apart; empty where only all columns together do, and alike rows are counted. */
  readonly key: readonly string[];
  readonly referredBy: readonly Reference[];
  /** Where its rows point; empty where the database keeps references itself. */
  readonly pointsTo: readonly Reference[];
  readonly hasTriggers: boolean;
  /** The database insists on numbering its rows itself, unless it is told otherwise. */
  readonly isIdentity: boolean;
}

/** One row, or some columns of it: each value as the literal that the database itself wrote for it. */
export type Row = Readonly<Record<string, string>>;

/** Something that a statement makes or takes away besides rows. */
export interface SchemaThing {
  readonly type: "table" | "view" | "index" | "column";
  readonly name: string;
  /** Of a column. */
  readonly table?: string;
}

/** One row of a query as it is answered: each cell as text. */
export type Cells = Readonly<Record<string, string | null>>;

/** Rows of tables, by the tables' names. */
export type Images = ReadonlyMap<string, readonly Row[]>;

/** What is about to be watched. */
export interface Watched {
  /** Every table that there is. */
  readonly all: readonly Table[];
  /** Those that the statements name. */
  readonly named: readonly Table[];
  /** What the statements change: rows, what tables are made of, or both. */
  readonly changes: "rows" | "structure" | "both";
  /** Names of tables to be read as a whole from the start: a try before has shown that it needs that. */
  readonly wholly: ReadonlySet<string>;
  /** What will run, where that is known. */
  readonly statements?: readonly Statement[];
}

/** What changed since a watch began. */
export interface ChangedRows {
  readonly before: Images;
  readonly after: Images;
}

/** The same, or which tables have to be read as a whole before it can be told. */
export type Changed = ChangedRows | { readonly wholly: readonly string[] };

/** Looks what changes in one transaction, whoever changes it: statements, triggers, cascades. */
export interface Watch {
  /** Runs a statement of the action's; absent where a watch sees what it touches anyway. */
  run?(statement: Statement): Promise<void>;
  /**
   * Each row that changed as it stood at first, and as it stands now; others stand in both alike. `now`: the tables as
   * they are; `putBack`: what was done since it was asked before, by statements that find rows by their keys.
   */
  changed(now: readonly Table[], putBack?: readonly Step[]): Promise<Changed>;
  end(): Promise<void>;
}

/** What a database knows of transactions that have ended. */
export interface TransactionNumbers {
  /** Of the transaction that the session is in. */
  own(): Promise<string>;
  /** Whether one was committed; waits for one that is ending. */
  wasCommitted(number: string): Promise<boolean>;
}

/** One connection. It is in a transaction from `begin` to `commit` or `rollback`. */
export interface DatabaseSession {
  /** Whether the database itself keeps rows from pointing at what is not there; else undo looks. */
  readonly keepsReferences: boolean;
  /** What tells of a transaction afterwards; null where only the rows do. */
  readonly transactionNumbers: TransactionNumbers | null;
  /** Ends a query of rows that nobody else may change until the end of the transaction; empty where the database sees to that. */
  readonly locking: string;
  /** Triggers fire while rows are put back, since nothing keeps them from it. */
  readonly firesTriggers: boolean;
  /** Rows of one query. */
  rows(sql: string): Promise<readonly Cells[]>;
  /** Runs one statement, whatever it is. */
  run(sql: string): Promise<void>;
  /** Runs a statement of the action's, as its own client would. */
  runAsGiven(statement: Statement): Promise<void>;
  /**
   * To be asked before anything is tried.
   * @throws Error with the reason, where a rollback might not take all of these statements back
   */
  admit(statements: readonly Statement[]): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Every table that there is. */
  tables(): Promise<readonly Table[]>;
  /** From here on, until the end of the transaction. A dialect that can only read tables as a whole does so (`whole-tables.ts`). */
  watch(watched: Watched): Promise<Watch>;
  /** What to remember of a table, before rows come, to know them by. In the transaction that was watched. */
  mark(table: Table): Promise<string>;
  /** Rows that came since it was marked; null where they cannot be told. */
  cameSince(table: Table, mark: string): Promise<readonly Row[] | null>;
  /** Tables changed in this transaction, by name; null where the database does not tell. */
  touched(): Promise<readonly string[] | null>;
  has(thing: SchemaThing): Promise<boolean>;
  /** Keeps what was made by hand from firing while rows are put back; until the end of the transaction at most. */
  withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T>;
  /** The expression that shows a column as a literal. */
  literal(column: Column): string;
  /** Of a table without a key: the condition that finds `count` rows that are all like this one. Null where rows are never without one. */
  isOneOf(table: Table, row: Row, count: number): string | null;
  close(): Promise<void>;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal, where a backslash is no escape. */
export function textLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Most rows of one table that are read at once. */
export const mostRows = 50_000;

/** Most rows that one action may change and have kept. */
export const mostChanges = 10_000;

export interface Narrowed {
  /** A condition. */
  readonly where?: string;
  /** Most rows wanted. */
  readonly most?: number;
  /** What ends the query, so that they stay as they are. */
  readonly locking?: string;
}

/** Rows of a table, each value as a literal. @returns null when there are too many */
export async function rowsOf(
  session: DatabaseSession,
  table: Table,
  { where, most = mostRows, locking = "" }: Narrowed = {},
): Promise<Row[] | null> {
  const columns = table.columns.map((column) => `${session.literal(column)} AS ${quoted(column.name)}`);
  const condition = where === undefined ? "" : ` WHERE ${where}`;
  const found = await session.rows(`SELECT ${columns.join(", ")} FROM ${table.sql}${condition} LIMIT ${most + 1}${locking}`);
  // A literal is a text, also that of NULL.
  if (found.some((cells) => Object.values(cells).includes(null)))
    throw new Error(`A value of ${table.name} can't be written again as it is: it is too large, or holds what no text says.`);
  return found.length > most ? null : (found as Row[]);
}

/** The different values of a column, as literals. @returns null when there are too many */
export async function valuesIn(
  session: DatabaseSession,
  { sql, columns }: Table,
  { column, most }: { readonly column: string; readonly most: number },
): Promise<string[] | null> {
  const own = columns.find(({ name }) => isNamed(name, column));
  if (!own) return [];
  const found = await session.rows(`SELECT DISTINCT ${session.literal(own)} AS value FROM ${sql} LIMIT ${most + 1}`);
  return found.length > most ? null : found.map(({ value }) => value ?? "NULL");
}

export async function rowAt(session: DatabaseSession, table: Table, key: Row): Promise<Row | null> {
  return (await rowsOf(session, table, { where: isAt(key) }))?.[0] ?? null;
}

/** In a transaction: the row stays as it is until its end. */
export async function heldRowAt(session: DatabaseSession, table: Table, key: Row): Promise<Row | null> {
  return (await rowsOf(session, table, { where: isAt(key), locking: session.locking }))?.[0] ?? null;
}

/** Most keys that are asked for at once. */
const keysAtOnce = 200;

/** The rows that stand at these keys. */
export function rowsAt(session: DatabaseSession, table: Table, keys: readonly Row[]): Promise<Row[]> {
  return inTurns(keys, (where) => rowsOf(session, table, { where }));
}

/** The same in a transaction: they stay as they are until its end. */
export function heldRowsAt(session: DatabaseSession, table: Table, keys: readonly Row[]): Promise<Row[]> {
  return inTurns(keys, (where) => rowsOf(session, table, { where, locking: session.locking }));
}

async function inTurns(keys: readonly Row[], ask: (where: string) => Promise<Row[] | null>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const where = keys.slice(from, from + keysAtOnce).map((key) => `(${isAt(key)})`);
    rows.push(...((await ask(where.join(" OR "))) ?? []));
  }
  return rows;
}

/** How many rows are all like this one, in a table without a key. */
export async function countAlike(session: DatabaseSession, table: Table, row: Row): Promise<number> {
  const found = session.isOneOf(table, row, mostRows);
  if (found === null) return 0;
  return Number((await session.rows(`SELECT count(*) AS count FROM ${table.sql} WHERE ${found}`))[0]?.["count"] ?? 0);
}

/** The condition that finds one row. */
export function isAt(key: Row): string {
  const parts = Object.entries(key).map(([name, value]) => (value === "NULL" ? `${quoted(name)} IS NULL` : `${quoted(name)} = ${value}`));
  return parts.join(" AND ");
}

export function keyOf(row: Row, { key }: Pick<Table, "key">): Row {
  return Object.fromEntries(key.map((name) => [name, row[name] ?? "NULL"]));
}

/** What tells a row from others, or its values from other values. */
export function identityOf(key: Row): string {
  return JSON.stringify(Object.values(key));
}

/** SQLite takes names for the same whatever their letters' case; PostgreSQL has made them small before. */
export function isNamed(name: string, wanted: string | undefined): boolean {
  return name.toLowerCase() === wanted?.toLowerCase();
}

export function valueOf(row: Row, column: string): string {
  return Object.entries(row).find(([name]) => isNamed(name, column))?.[1] ?? "NULL";
}

/** Longest key that is shown in full, in characters. */
const longestKey = 200;

/** A key as it is shown: `17`, `de,2024`. A long one ends in a hash of all of it. */
export function keyText(key: Row): string {
  const text = Object.values(key)
    .map((literal) => (/^'.*,.*'$|^'NULL'$/s.test(literal) ? literal : shownValue(literal)))
    .join(",");
  return text.length > longestKey ? `${text.slice(0, longestKey)}…${hash("sha256", text).slice(0, 8)}` : text;
}

/** A literal without its quotes. */
export function shownValue(literal: string): string {
  return /^'(?:[^']|'')*'$/.test(literal) ? literal.slice(1, -1).replaceAll("''", "'") : literal;
}
