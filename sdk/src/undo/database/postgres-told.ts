import { mostChanges, quoted, type Cells, type DatabaseSession, type Row, type Table } from "./session.js";
import { rootOf } from "./postgres-tables.js";
import type { RowsTarget } from "./statement.js";
import { tooMany } from "./postgres-versions.js";

/**
 * Errors that may be about what was added to a statement: a right to read that only changing did not need, a rule that
 * nothing can be told through. It is tried as it stands then. `42…`: syntax or rights, `0A…`: not possible so.
 */
const aboutTelling = /^(?:42|0A)/;

interface Telling {
  readonly text: string;
  readonly target: RowsTarget;
}

/**
 * Runs a statement that tells at which keys it touched rows.
 * @returns null where nothing was done, since this one can't tell; the statement's own errors are thrown
 */
export async function keysTold(session: DatabaseSession, table: Table, told: Telling): Promise<Row[] | null> {
  await session.run("SAVEPOINT pullcord_told");
  const found = await session.rows(telling(table, told)).catch((error: unknown) => {
    if (!aboutTelling.test(String((error as { code?: unknown }).code))) throw error;
    return null;
  });
  if (found === null) await session.run("ROLLBACK TO SAVEPOINT pullcord_told");
  await session.run("RELEASE SAVEPOINT pullcord_told");
  if (found !== null && found.length > mostChanges) throw tooMany(table);
  return found?.flatMap((cells) => (cells[place] === table.id ? [keyFrom(cells, table)] : [])) ?? null;
}

/** What is returned beside the keys: in which table a row is, which may be one that inherits from the one that is named. */
const place = "pullcord table";

/** It is run to its end, however many rows are asked for of what it returns. */
function telling({ key }: Table, { text, target }: Telling): string {
  const row = quoted(target.alias);
  const cells = key.map((column, at) => `quote_nullable(${row}.${quoted(column)}::text) AS ${quoted(`pullcord ${at}`)}`);
  // A comment may end the text.
  const returning = [
    `${text}\n${target.hasReturning ? "," : "RETURNING"} ${rootOf(`${row}.tableoid`)}::oid::text AS ${quoted(place)}`,
    ...cells,
  ];
  const names = [place, ...key.map((_column, at) => `pullcord ${at}`)].map(quoted);
  return `WITH "pullcord told" AS (\n${returning.join(", ")}) SELECT ${names.join(", ")} FROM "pullcord told" LIMIT ${mostChanges + 1}`;
}

function keyFrom(cells: Cells, { key }: Table): Row {
  return Object.fromEntries(key.map((column, at) => [column, cells[`pullcord ${at}`] ?? "NULL"]));
}
