import { rowCounts, type RowPreview, type RowsPreview, type TriedRows, type TableRows } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { clockTime } from "../screen/time.js";

const signs: Readonly<Record<RowPreview["kind"], string>> = { inserted: "+", updated: "~", deleted: "-" };

export interface RowsToShow {
  readonly rows: RowsPreview;
  /** Nobody decides about it any more, so it may have run since. */
  readonly isDecided?: boolean;
  /** Of a plan's step: which steps ahead change the same database. */
  readonly without?: readonly number[] | undefined;
}

/** Which rows would change, and what takes that back (E36). What is in a database is anybody's: every invisible character is drawn. */
export function showRowsPreview(screen: Screen, { rows, isDecided = false, without = [] }: RowsToShow): void {
  if (rows.status === "trying") return screen.field("Rows", "are being previewed; show it again in a moment");
  const { paint } = screen;
  const leftOut = without.length === 0 ? [] : [paint.amber(`as the database was then, ${withoutInWords(without)}`)];
  if (rows.status === "untried") {
    screen.field("Rows", `could not be previewed: ${escapeLine(rows.why)}`);
    for (const text of leftOut) screen.field("", text);
    return;
  }
  const none = nothing(rows) ? "none would change: " : "";
  const since = isDecided ? "before it was decided" : "so nothing is changed yet";
  screen.field("Rows", `${none}tried at ${clockTime(rows.at)} and taken back, ${since}`);
  for (const text of leftOut) screen.field("", text);
  for (const table of rows.tables) {
    screen.field("", paint.strong(`${escapeLine(`${table.database}/${table.table}`)}: ${rowCounts(table)}`));
    for (const row of table.first) screen.field("", `  ${signs[row.kind]} ${rowText(row)}`);
    const more = rowsIn(table) - table.first.length;
    if (more > 0 && table.first.length > 0) screen.field("", `    and ${more} more`);
  }
  if (rows.moreTables > 0) screen.field("", `and ${rows.moreTables} more ${rows.moreTables === 1 ? "table" : "tables"}`);
  for (const statement of rows.structure) screen.field("", escapeLine(statement));
  showWayBack(screen, rows);
}

/** `without step 1, which changes it first`: what a step's rows leave out. */
function withoutInWords(steps: readonly number[]): string {
  return steps.length === 1
    ? `without step ${steps[0]}, which changes it first`
    : `without steps ${steps.join(", ")}, which change it first`;
}

/** In sentences, where there is room for little else. */
export function rowsSentences(rows: RowsPreview | undefined): readonly string[] {
  if (rows?.status !== "tried") return [];
  return rows.tables.map((table) => `${escapeLine(`${table.database}/${table.table}`)}: ${rowCounts(table)}.`);
}

function showWayBack(screen: Screen, { wayBack, wayBackCount }: TriedRows): void {
  if (wayBackCount === 0) return;
  const many = wayBackCount === 1 ? "this statement puts it back" : `${wayBackCount} statements put them back`;
  screen.field("Way back", `can be undone: yes, tried; ${many}`);
  for (const statement of wayBack) screen.field("", `  ${escapeLine(statement)}`);
  if (wayBackCount > wayBack.length) screen.field("", `    and ${wayBackCount - wayBack.length} more`);
}

function rowText({ kind, key, cells, moreCells }: RowPreview): string {
  const values = cells.map(({ column, before, after }) => {
    const value = kind === "updated" ? `${before ?? ""} → ${after ?? ""}` : (after ?? before ?? "");
    return `${column}: ${value}`;
  });
  const more = moreCells > 0 ? `, and ${moreCells} more ${moreCells === 1 ? "column" : "columns"}` : "";
  return `${escapeLine(key)}  ${escapeLine(values.join(", "))}${more}`;
}

function rowsIn({ inserted, updated, deleted }: TableRows): number {
  return inserted + updated + deleted;
}

function nothing({ tables, structure }: TriedRows): boolean {
  return tables.length === 0 && structure.length === 0;
}
