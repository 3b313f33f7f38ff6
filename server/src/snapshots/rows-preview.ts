import { bounds, type CellPreview, type RowPreview, type TriedRows, type TableRows } from "@pullcord/sdk/protocol";
import { shownValue, type Row, type RowStep, type Trial } from "@pullcord/sdk/undo";
import { maskSecrets } from "../domain/risk/masking.js";
import { isSecretName } from "../domain/risk/secrets.js";

/** What was found out about the statements on one database. */
export interface DatabaseTrial {
  /** The database as it is shown. */
  readonly shown: string;
  /** The tables that the statements name: they come first. */
  readonly named: readonly string[];
  readonly trial: Trial;
}

/** What was tried, as people are shown it: counted in full, and the first rows, without secrets, each cut to what can be read. */
export function triedRows(tried: readonly DatabaseTrial[], at: number): TriedRows {
  const tables = tried.flatMap(tablesOf);
  const steps = tried.flatMap(({ trial }) => trial.steps);
  return {
    status: "tried",
    at,
    tables: tables.slice(0, bounds.previewTables),
    moreTables: Math.max(0, tables.length - bounds.previewTables),
    structure: steps.flatMap((step) => (step.kind === "schema" ? [cut(maskedValue("", step.run), bounds.previewStatement)] : [])),
    wayBack: steps
      .toReversed()
      .slice(0, bounds.previewRows)
      .map((step) => cut(step.kind === "schema" ? maskedValue("", step.back) : statementBack(changeOf(step)), bounds.previewStatement)),
    wayBackCount: steps.length,
  };
}

function tablesOf({ shown: database, named, trial: { steps } }: DatabaseTrial): TableRows[] {
  const rows = steps.flatMap((step) => (step.kind === "schema" ? [] : [changeOf(step)]));
  const isNamed = (table: string) => named.some((name) => name.toLowerCase() === table.toLowerCase());
  const found = [...Map.groupBy(rows, ({ table }) => table)].toSorted(([one], [other]) => Number(isNamed(other)) - Number(isNamed(one)));
  return found.map(([table, own]) => {
    const count = (wanted: RowPreview["kind"]) =>
      own.filter((one) => kindOf(one) === wanted).reduce((sum, { rows: many }) => sum + many, 0);
    return {
      database,
      table,
      inserted: count("inserted"),
      updated: count("updated"),
      deleted: count("deleted"),
      first: own.slice(0, bounds.previewRows).map(rowPreview),
    };
  });
}

/** A row, or rows all alike of a table where nothing tells them apart. */
interface Change extends Pick<RowStep, "table" | "key" | "before" | "after"> {
  readonly rows: number;
}

function changeOf(step: Exclude<Trial["steps"][number], { kind: "schema" }>): Change {
  if (step.kind === "row") return { ...step, rows: 1 };
  const { table, row, came } = step;
  return { table, key: {}, before: came < 0 ? row : null, after: came < 0 ? null : row, rows: Math.abs(came) };
}

function kindOf({ before, after }: Change): RowPreview["kind"] {
  return before === null ? "inserted" : after === null ? "deleted" : "updated";
}

function rowPreview(step: Change): RowPreview {
  const { key, before, after } = step;
  const columns = Object.keys({ ...before, ...after });
  const cells = columns.slice(0, bounds.previewColumns).map((column): CellPreview => ({
    column: cut(column, bounds.previewCell),
    before: cellOf(column, before),
    after: cellOf(column, after),
  }));
  const keys = Object.entries(key).map(([column, value]) => maskedValue(column, value));
  return { kind: kindOf(step), key: cut(keys.join(","), bounds.previewCell), cells, moreCells: columns.length - cells.length };
}

function cellOf(column: string, row: Row | null): string | null {
  return row === null ? null : cut(maskedValue(column, row[column] ?? "NULL"), bounds.previewCell);
}

/** Longest part of a value that is looked at for secrets, in characters: what is behind it is never shown. */
const mostLooked = 2_000;
const namedValues = /(?<name>"(?<word>[^"\\]{1,100})"\s{0,10}:\s{0,10})(?:"(?:[^"\\]|\\.)*(?:"|$)|[^\s,}\]"]+)/g;

/** A literal as text, without secrets: by its column's name, by what it looks like, and by the names in JSON. */
function maskedValue(column: string, literal: string): string {
  if (literal === "NULL") return literal;
  const isCut = literal.length > mostLooked;
  const text =
    isCut && literal.startsWith("'") ? literal.slice(1, mostLooked).replaceAll("''", "'") : shownValue(literal.slice(0, mostLooked));
  const masked = String(maskSecrets(text, column));
  return masked.replaceAll(namedValues, (whole: string, name: string, word: string) => (isSecretName(word) ? `${name}"[secret]"` : whole));
}

/** A literal without secrets, to be read as one. */
function asMasked(column: string, literal: string): string {
  const value = cut(maskedValue(column, literal), bounds.previewCell);
  return literal.startsWith("'") ? `'${value.replaceAll("'", "''")}'` : value;
}

/** The statement that takes a step back, for people to read: what is run is made from the rows themselves. */
function statementBack({ table, key, before, after, rows }: Change): string {
  const pairs = (row: Row, between: string) =>
    Object.entries(row)
      .slice(0, bounds.previewColumns)
      .map(([column, value]) => `${column} = ${asMasked(column, value)}`)
      .join(between);
  const at = pairs(Object.keys(key).length > 0 ? key : (after ?? {}), " AND ");
  const copies = rows === 1 ? "" : ` -- ${rows} of them, all alike`;
  if (before === null) return `DELETE FROM ${table} WHERE ${at}${copies}`;
  if (after !== null) return `UPDATE ${table} SET ${pairs(before, ", ")} WHERE ${at}`;
  const first = Object.entries(before).slice(0, bounds.previewColumns);
  const values = first.map(([column, value]) => asMasked(column, value));
  return `INSERT INTO ${table} (${first.map(([column]) => column).join(", ")}) VALUES (${values.join(", ")})${copies}`;
}

/** Never through the middle of a pair of code units. */
function cut(text: string, longest: number): string {
  return text.length > longest
    ? `${text
        .slice(0, longest)
        .toWellFormed()
        .replace(/\uFFFD$/, "")}…`
    : text;
}
