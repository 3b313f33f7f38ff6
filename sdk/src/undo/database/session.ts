/** Words for what is in a database, and what undo needs of a connection to one. */

/** One column of a table. */
export interface Column {
  readonly name: string;
  /** False where the database computes it: it is compared, never written. */
  readonly isWritable: boolean;
  /** The database may fill it in: a row is recognized without it. */
  readonly hasDefault: boolean;
}

/** Rows of another table that point at this one. */
export interface Reference {
  /** The other table, quoted. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns of this table, in the same order. */
  readonly keys: readonly string[];
}

export interface Table {
  /** `users`; `sales.users` outside of the default schema. */
  readonly name: string;
  /** Quoted, for statements. */
  readonly sql: string;
  readonly columns: readonly Column[];
  /** The columns that tell rows apart; empty where nothing does. */
  readonly key: readonly string[];
  readonly referredBy: readonly Reference[];
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

/** One connection. It is in a transaction from `begin` to `commit` or `rollback`. */
export interface DatabaseSession {
  /** Rows of one query; each cell as text. */
  rows(sql: string): Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** Runs one statement, whatever it is. */
  run(sql: string): Promise<void>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Every table that there is. */
  tables(): Promise<readonly Table[]>;
  /** Of these tables, and all that may change with them, those to look at while a statement runs. */
  touchedWith(named: readonly Table[], all: readonly Table[]): readonly Table[];
  /** Tables changed in this transaction, by name; null where the database does not tell. */
  touched(): Promise<readonly string[] | null>;
  has(thing: SchemaThing): Promise<boolean>;
  /** Keeps what was made by hand from firing while rows are put back; until the end of the transaction at most. */
  withoutTriggers<T>(tables: readonly Table[], work: () => Promise<T>): Promise<T>;
  /** The expression that shows a column as a literal. */
  literal(column: string): string;
  close(): Promise<void>;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Most rows of one table that are looked at. */
export const mostRows = 50_000;

/** All rows of a table, by key; `where` narrows. @returns null when there are too many */
export async function rowsOf(session: DatabaseSession, table: Table, where?: string): Promise<Map<string, Row> | null> {
  const columns = table.columns.map(({ name }) => `${session.literal(name)} AS ${quoted(name)}`);
  const limit = where === undefined ? ` LIMIT ${mostRows + 1}` : ` WHERE ${where}`;
  const found = await session.rows(`SELECT ${columns.join(", ")} FROM ${table.sql}${limit}`);
  if (found.length > mostRows) return null;
  return new Map(found.map((cells) => [keyText(keyOf(cells as Row, table)), cells as Row]));
}

export async function rowAt(session: DatabaseSession, table: Table, key: Row): Promise<Row | null> {
  const found = await rowsOf(session, table, isAt(key));
  return found?.values().next().value ?? null;
}

/** The condition that finds one row. */
export function isAt(key: Row): string {
  const parts = Object.entries(key).map(([name, value]) => (value === "NULL" ? `${quoted(name)} IS NULL` : `${quoted(name)} = ${value}`));
  return parts.join(" AND ");
}

export function keyOf(row: Row, { key }: Pick<Table, "key">): Row {
  return Object.fromEntries(key.map((name) => [name, row[name] ?? "NULL"]));
}

/** SQLite takes names for the same whatever their letters' case; PostgreSQL has made them small before. */
export function isNamed(name: string, wanted: string | undefined): boolean {
  return name.toLowerCase() === wanted?.toLowerCase();
}

export function valueOf(row: Row, column: string): string {
  return Object.entries(row).find(([name]) => isNamed(name, column))?.[1] ?? "NULL";
}

/** A key as it is shown, and told apart by: `17`, `de,2024`. */
export function keyText(key: Row): string {
  return Object.values(key).map(shownValue).join(",");
}

/** A literal without its quotes. */
export function shownValue(literal: string): string {
  return /^'(?:[^']|'')*'$/.test(literal) ? literal.slice(1, -1).replaceAll("''", "'") : literal;
}
