import { isAt, keyOf, type DatabaseSession, type Row, type Table } from "./session.js";

/** What a row's references came to when its statement was tried, where the client lets them lead nowhere: they may do so again. */
export interface Loose {
  /** It pointed at what was not there. */
  readonly pointsNowhere: boolean;
  /** So many rows pointed at it while it was not there. */
  readonly users: number;
}

/** A row that becomes another, or nothing; or that comes. */
export interface Turn {
  readonly now: Row | null;
  /** All of it. */
  readonly next: Row | null;
}

/** Why a row may not become what it shall, yet: it, or rows that point at it, would lead nowhere that did not before. */
export async function looseEnd(
  session: DatabaseSession,
  table: Table,
  { now, next, loose }: Turn & { readonly loose: Loose | undefined },
): Promise<string | null> {
  if (now !== null && (next === null || !session.keepsReferences)) {
    const user = await userOf(session, table, { row: now, next, known: loose?.users ?? 0 });
    if (user !== null) return `Rows of ${user} that are not the run's refer to it.`;
  }
  const lost = next === null || loose?.pointsNowhere ? null : await lostOf(session, table, next);
  return lost === null ? null : `It would refer to a row of ${lost} that is not there.`;
}

/** How it stands with a row's references where it is not, and where it is; undefined where all lead somewhere. */
export async function looseOf(session: DatabaseSession, table: Table, { now, next }: Turn): Promise<Loose | undefined> {
  const pointsNowhere = now !== null && (await lostOf(session, table, now)) !== null;
  let users = 0;
  for (const asked of next === null ? [] : questions(table, next, now)) {
    users += Number((await session.rows(`SELECT count(*) AS count ${asked.from}`))[0]?.["count"] ?? 0);
  }
  return pointsNowhere || users > 0 ? { pointsNowhere, users } : undefined;
}

/** A table with more than the known rows that point at this one, or at what it will not say any more. */
async function userOf(
  session: DatabaseSession,
  table: Table,
  { row, next, known }: { readonly row: Row; readonly next: Row | null; readonly known: number },
): Promise<string | null> {
  let count = 0;
  for (const asked of questions(table, row, next)) {
    count += (await session.rows(`SELECT 1 AS found ${asked.from} LIMIT ${known - count + 1}${session.locking}`)).length;
    if (count > known) return asked.table;
  }
  return null;
}

/** Where to look for rows that point at what `row` says and `other` does not. */
function questions(table: Table, row: Row, other: Row | null): { readonly table: string; readonly from: string }[] {
  return table.referredBy.flatMap(({ table: pointing, columns, keys }) => {
    const points = pointsOf(row, keys, columns);
    if (points === null || (other !== null && keys.every((key) => row[key] === other[key]))) return [];
    // A row that points at itself goes along.
    const itself = pointing === table.sql && table.key.length > 0 ? ` AND NOT (${isAt(keyOf(row, table))})` : "";
    return [{ table: pointing, from: `FROM ${pointing} WHERE ${isAt(points)}${itself}` }];
  });
}

async function lostOf(session: DatabaseSession, table: Table, row: Row): Promise<string | null> {
  for (const { table: other, columns, keys } of table.pointsTo) {
    const points = pointsOf(row, columns, keys);
    const isItself = other === table.sql && keys.every((key, at) => row[key] === row[columns[at] ?? ""]);
    if (points === null || isItself) continue;
    if ((await session.rows(`SELECT 1 AS found FROM ${other} WHERE ${isAt(points)} LIMIT 1`)).length === 0) return other;
  }
  return null;
}

/** The values of one side, by the names of the other; null where one is without a value, which points at nothing. */
function pointsOf(row: Row, from: readonly string[], to: readonly string[]): Row | null {
  const points = Object.fromEntries(to.map((column, at) => [column, row[from[at] ?? ""] ?? "NULL"]));
  return Object.values(points).includes("NULL") ? null : points;
}
