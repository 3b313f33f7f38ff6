import { statementVerb } from "../policy/subject.js";
import type { FoundDatabase, KeptRows, Reading, ReadStatement, SqlPlace, SqlRun, Surroundings } from "../reading.js";
import { type HazardName, hazards } from "./hazards.js";
import { withoutQuotes } from "./sql-dialect.js";

/** What SQL may be found to do, where all of it can be taken back. */
const aboutRows = /^database_(?:reads|writes|writes_here|unbounded|drops|rights)$/;

/**
 * Whether an action does nothing but change rows, and what they stand in, of databases whose rows are kept: then it is
 * reversible, by an undo that is tried before the action runs, and never by what anybody says of it (V9.2.3).
 * Without that, a change of rows can only be made good where it took effect.
 */
export function withKeptRows(read: Reading, surroundings: Surroundings): Reading {
  const rowsToTry = rowsToTryOf(read, surroundings);
  const reading = rowsToTry === null ? read : { ...read, rowsToTry };
  const { assessment } = reading;
  const keptRows = keptRowsOf(reading);
  if (keptRows !== null) return { ...reading, keptRows, assessment: { ...assessment, reversibility: "reversible" } };
  const isClaimed = assessment.reversibility === "reversible" && assessment.factors.some(({ name }) => name.startsWith("database_writes"));
  if (!isClaimed || areFilesKept(reading, surroundings)) return reading;
  return { ...reading, assessment: { ...assessment, reversibility: "externally_reversible" } };
}

/** What can be tried is kept where the action does nothing else. */
function keptRowsOf({ assessment, sqlRuns, writes, deletes, rowsToTry }: Reading): readonly KeptRows[] | null {
  if (rowsToTry === undefined || "why" in rowsToTry || !assessment.understood || deletes.length > 0) return null;
  const files = new Set(sqlRuns.flatMap(({ place }) => (place.kind === "file" ? [place.path] : [])));
  if (!writes.every((path) => path !== null && files.has(path)) || !assessment.factors.every(({ name }) => isAboutRows(name, writes)))
    return null;
  return rowsToTry;
}

function rowsToTryOf(
  { sqlRuns, statements, changesDatabasesUnread }: Reading,
  surroundings: Surroundings,
): NonNullable<Reading["rowsToTry"]> | null {
  const changes = ({ wayBack }: ReadStatement) => wayBack?.kind !== "none";
  const ofRuns = sqlRuns.flatMap((run) => run.statements);
  const nowhere = statements.filter((one) => !ofRuns.includes(one));
  const changing = sqlRuns.filter((run) => run.statements.some(changes));
  if (surroundings.databaseAt === undefined || (changing.length === 0 && !nowhere.some(isWrite))) return null;
  if (changesDatabasesUnread) return { why: "a script or a migration that nobody has read changes a database, too" };
  if (nowhere.length > 0) return { why: "it is not known in which database all of it would run" };
  const kept: KeptRows[] = [];
  for (const run of changing) {
    const untried = run.statements.find((one) => !isTakenBack(one, run));
    const found = surroundings.databaseAt(run.place);
    if (untried) return { why: whyUntried(run, untried, isMysql(run.place, found)) };
    if (!found) return { why: unknownPlace(run.place) };
    const { schema, ...database } = found;
    const own = run.statements.filter(changes).map((one) => (database.dialect === "mysql" ? inSchema(one, schema) : one));
    const foreign = own.flatMap(namedOf).find((table) => database.dialect === "mysql" && table.includes("."));
    if (foreign !== undefined) return { why: `${foreign} may be in another database than the one that the policy names` };
    kept.push({ database, keepsReferences: run.keepsReferences === true, statements: own });
  }
  return kept;
}

/** MySQL's `shop.orders` is `orders` where the connection is to `shop`; letter by letter, since the server decides about their case. */
function inSchema(statement: ReadStatement, schema: string | undefined): ReadStatement {
  const { wayBack } = statement;
  if (wayBack?.kind !== "rows" || schema === undefined) return statement;
  const short = (table: string) => (table.startsWith(`${schema}.`) ? table.slice(schema.length + 1) : table);
  return { ...statement, wayBack: { ...wayBack, tables: wayBack.tables.map(short), reads: (wayBack.reads ?? []).map(short) } };
}

function namedOf({ wayBack }: ReadStatement): readonly string[] {
  return wayBack?.kind === "rows" ? [...wayBack.tables, ...(wayBack.reads ?? [])] : [];
}

function isMysql(place: SqlPlace, found: FoundDatabase | null): boolean {
  return (place.kind === "server" ? place.dialect : found?.dialect) === "mysql";
}

/** Statements about rows, and those that steer a transaction. All others of MySQL's commit by themselves. */
const withoutCommit = /^(?:Insert|Update|Delete|Select|Explain|Transaction|VariableShow)Stmt$/;

/** Of several, what MySQL commits matters most: neither ROLLBACK nor anything else takes back what ran before it. */
function whyUntried({ statements }: SqlRun, untried: ReadStatement, inMysql: boolean): string {
  const at = inMysql ? statements.findIndex(({ kind }) => !withoutCommit.test(kind) && !kind.endsWith(" (dialect)")) : -1;
  const committing = statements[at];
  if (committing === undefined) return `${statementVerb(untried.kind).toUpperCase()} can't be tried and taken back`;
  const along = statements.slice(0, at).some(isWrite) ? ", and with it all that ran before" : "";
  return `MySQL commits ${statementVerb(committing.kind).toUpperCase()} at once${along}, so it can't be tried and taken back`;
}

function isWrite({ kind, wayBack }: ReadStatement): boolean {
  return wayBack?.kind !== "none" && statementVerb(kind) !== "select";
}

function unknownPlace(place: SqlPlace): string {
  if (place.kind === "file") return "there is no SQLite database in that file";
  return `the policy names no database that ${place.name === "" ? "this" : place.name} is (databases)`;
}

/** Writing the database's own file is part of writing its rows. */
function isAboutRows(name: string, writes: Reading["writes"]): boolean {
  const { reversibility } = hazards[name as HazardName] ?? {};
  return aboutRows.test(name) || reversibility === "read_only" || (writes.length > 0 && name.startsWith("writes_"));
}

function isTakenBack({ wayBack, text }: SqlRun["statements"][number], { place }: SqlRun): boolean {
  if (wayBack === undefined || text === undefined) return false;
  // SQLite may see two statements where PostgreSQL's grammar sees one.
  return place.kind === "server" || withoutQuotes(text)?.replace(/;\s*$/, "").includes(";") === false;
}

/** A database in a file goes back with its file. */
function areFilesKept({ sqlRuns }: Reading, surroundings: Surroundings): boolean {
  return sqlRuns.length > 0 && sqlRuns.every(({ place }) => place.kind === "file" && surroundings.isKept?.(place.path) === true);
}
