import type { KeptRows, Reading, SqlRun, Surroundings } from "../reading.js";
import { type HazardName, hazards } from "./hazards.js";
import { withoutQuotes } from "./sql-dialect.js";

/** What SQL may be found to do, where all of it can be taken back. */
const aboutRows = /^database_(?:reads|writes|writes_here|unbounded|drops|rights)$/;

/**
 * Whether an action does nothing but change rows, and what they stand in, of databases whose rows are kept: then it is
 * reversible, by an undo that is tried before the action runs, and never by what anybody says of it (V9.2.3).
 * Without that, a change of rows can only be made good where it took effect.
 */
export function withKeptRows(reading: Reading, surroundings: Surroundings): Reading {
  const { assessment } = reading;
  const keptRows = keptRowsOf(reading, surroundings);
  if (keptRows !== null) return { ...reading, keptRows, assessment: { ...assessment, reversibility: "reversible" } };
  const isClaimed = assessment.reversibility === "reversible" && assessment.factors.some(({ name }) => name.startsWith("database_writes"));
  if (!isClaimed || areFilesKept(reading, surroundings)) return reading;
  return { ...reading, assessment: { ...assessment, reversibility: "externally_reversible" } };
}

function keptRowsOf(reading: Reading, surroundings: Surroundings): readonly KeptRows[] | null {
  const { assessment, sqlRuns, statements, writes, deletes } = reading;
  const changing = sqlRuns.filter((run) => run.statements.some(({ wayBack }) => wayBack?.kind !== "none"));
  const ofRuns = sqlRuns.flatMap((run) => run.statements);
  if (!assessment.understood || changing.length === 0 || deletes.length > 0 || statements.some((one) => !ofRuns.includes(one))) return null;
  const files = new Set(sqlRuns.flatMap(({ place }) => (place.kind === "file" ? [place.path] : [])));
  if (!writes.every((path) => path !== null && files.has(path)) || !assessment.factors.every(({ name }) => isAboutRows(name, writes)))
    return null;
  const kept = changing.map((run) => {
    const database = run.statements.every((one) => isTakenBack(one, run)) ? surroundings.databaseAt?.(run.place) : null;
    return database ? { database, statements: run.statements.filter(({ wayBack }) => wayBack?.kind !== "none") } : null;
  });
  return kept.every((one) => one !== null) ? kept : null;
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
