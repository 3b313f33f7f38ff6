import { isAt, quoted, type Row, type Table } from "./session.js";
import type { RowStep } from "./step.js";

/** What makes a row what it shall be; `row` holds the columns to be written, null where it shall go. */
export function statementFor({ key, after }: RowStep, table: Table, row: Row | null): string {
  const { sql } = table;
  if (row === null) return `DELETE FROM ${sql} WHERE ${isAt(key)}`;
  if (after === null) return insertInto(table, row, 1);
  // What would set itself anew is set to what it is.
  const kept = table.columns.filter(({ name, updatesItself }) => updatesItself && !(name in row)).map(({ name }) => quoted(name));
  const values = [...writtenOf(table, row).map((name) => `${quoted(name)} = ${row[name]}`), ...kept.map((name) => `${name} = ${name}`)];
  return `UPDATE ${sql} SET ${values.join(", ")} WHERE ${isAt(key)}`;
}

/** Puts so many rows in, all alike. */
export function insertInto(table: Table, row: Row, count: number): string {
  const written = writtenOf(table, row);
  const values = Array<string>(count).fill(`(${written.map((name) => row[name]).join(", ")})`);
  const overriding = table.isIdentity ? " OVERRIDING SYSTEM VALUE" : "";
  // A row is put into one table anyway: PostgreSQL has no other word for that.
  const sql = table.sql.replace(/^ONLY /, "");
  return `INSERT INTO ${sql} (${written.map(quoted).join(", ")})${overriding} VALUES ${values.join(", ")}`;
}

function writtenOf({ columns }: Table, row: Row): string[] {
  return columns.filter(({ name, isWritable }) => isWritable && name in row).map(({ name }) => name);
}
