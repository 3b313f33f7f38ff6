import { notKept } from "./not-kept.js";
import { mostChanges, quoted, type DatabaseSession, type Row, type Table } from "./session.js";

/*
 * PostgreSQL keeps the old version of a row beside the new one until nobody can see it any more. So a second connection
 * that looks through the snapshot of before sees what the transaction replaced or removed, marked with its number
 * (`xmax`), and the transaction itself sees what it wrote (`xmin`). Neither number has an index: each look reads the
 * table through inside the server, and moves the changed rows alone.
 */

/** Where a transaction began. */
export interface Start {
  /** Its own number; those of its parts (savepoints, handlers of exceptions) come after it. */
  readonly top: string;
  /** The next number of a group of transactions that hold one row together; `xmax` may be one, where somebody locks what is changed. */
  readonly group: string;
  readonly snapshot: string;
}

export const startQuery = `
SELECT pg_current_xact_id()::xid::text AS top, pg_export_snapshot() AS snapshot, current_setting('track_counts') AS "isCounting",
  ((mxid_age('1'::xid)::bigint + 1 + 4294967296) % 4294967296)::text AS "group"`;

/** A transaction, and a connection that sees what was there before it. */
export interface BothSides {
  readonly session: DatabaseSession;
  readonly other: DatabaseSession;
  readonly start: Start;
}

/** Rows that the transaction replaced or removed, as they were. */
export async function replacedRows({ session, other, start }: BothSides, table: Table): Promise<Row[]> {
  const { transactions, groups } = await givenSince(other, start);
  const isOne = `${isAmong("xmax", transactions, "age")} OR ${isAmong("xmax", groups, "mxid_age")}`;
  return notIn(session, table, await versions(other, table, `xmax <> '0'::xid AND (${isOne})`));
}

/** Rows that the transaction wrote, as they are. `old`: the table before; null where it was not there. */
export async function writtenRows({ session, other, start }: BothSides, table: Table, old: Table | null): Promise<Row[]> {
  const { transactions } = await givenSince(other, start);
  const found = await versions(session, table, isAmong("xmin", transactions, "age"));
  return old ? notIn(other, old, found) : found.map(({ row }) => row);
}

/** Rows that were not there yet in a snapshot, as `pg_current_snapshot` writes it. */
export function isNotIn(snapshot: string): string {
  const [, next = "", running = ""] = snapshot.split(":");
  const numbers = [next, ...running.split(",")].filter((number) => number !== "").map((number) => String(BigInt(number) % 2n ** 32n));
  const [after, ...others] = numbers;
  return `(age(xmin) BETWEEN 0 AND age('${after}'::xid) OR xmin = ANY ('{${others.join(",")}}'::xid[]))`;
}

/** One version of a row. */
interface Version {
  /** Where it stands: part of the table, page and place. */
  readonly at: string;
  readonly row: Row;
}

/** What a look gives beside a row's columns: which version of it this is. */
const version = "pullcord version";

async function versions(session: DatabaseSession, table: Table, where: string): Promise<Version[]> {
  const columns = table.columns.map((column) => `${session.literal(column)} AS ${quoted(column.name)}`);
  const found = await session.rows(
    `SELECT ${[`tableoid || ' ' || ctid AS ${quoted(version)}`, ...columns].join(", ")} FROM ${table.sql} WHERE ${where} LIMIT ${mostChanges + 1}`,
  );
  if (found.length > mostChanges) throw tooMany(table);
  return found.map(({ [version]: at, ...row }) => ({ at: at ?? "", row: row as Row }));
}

/** A version that both see did not change: numbers are used again, and locks leave theirs, too. */
async function notIn(session: DatabaseSession, { sql }: Table, found: readonly Version[]): Promise<Row[]> {
  if (found.length === 0) return [];
  const places = found.map(({ at }) => `"${at.split(" ")[1]}"`);
  const seen = await session.rows(`SELECT tableoid || ' ' || ctid AS at FROM ${sql} WHERE ctid = ANY ('{${places.join(",")}}'::tid[])`);
  const isSeen = new Set(seen.map(({ at }) => at));
  return found.flatMap(({ at, row }) => (isSeen.has(at) ? [] : [row]));
}

/** Numbers that the server gave one after the other. */
interface Given {
  readonly first: string;
  readonly more: number;
}

/** Those since the start, to whomever; `other` has begun later, and knows how many that were. */
async function givenSince(
  other: DatabaseSession,
  { top, group }: Start,
): Promise<{ readonly transactions: Given; readonly groups: Given }> {
  const [found] = await other.rows(`SELECT age('${top}'::xid)::text AS transactions, mxid_age('${group}'::xid)::text AS groups`);
  return {
    transactions: { first: top, more: Number(found?.["transactions"]) },
    groups: { first: group, more: Number(found?.["groups"]) },
  };
}

/** Most numbers that are named one by one: a comparison with each is quick, and several processes may share the look. */
const mostNamed = 100;
/** The first that is given, again after the largest: smaller ones say that a row is as old as can be, or not replaced. */
const firstNumber = { xmin: 3n, xmax: 1n };
const afterLast = 2n ** 32n;

function isAmong(column: "xmin" | "xmax", { first, more }: Given, age: "age" | "mxid_age"): string {
  if (more > mostNamed) return `${age}(${column}) BETWEEN ${age}('${first}'::xid) - ${more} AND ${age}('${first}'::xid)`;
  const numbers = Array.from({ length: more + 1 }, (_, at) => (BigInt(first) + BigInt(at)) % afterLast);
  return `${column} = ANY ('{${numbers.filter((number) => number >= firstNumber[column]).join(",")}}'::xid[])`;
}

export function tooMany({ name }: Table): Error {
  return notKept(`It changes more than ${mostChanges} rows of ${name}.`);
}
