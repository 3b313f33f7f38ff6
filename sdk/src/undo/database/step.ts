import type { Loose } from "./references.js";
import { identityOf, keyOf, type Row, type SchemaThing, type Table } from "./session.js";

/** One row, before and after something happened to it. An update holds the columns that it changed, and only those. */
export interface RowStep {
  readonly kind: "row";
  readonly table: string;
  readonly key: Row;
  readonly before: Row | null;
  readonly after: Row | null;
  readonly loose?: Loose;
}

/** Rows all alike, of a table where nothing tells rows apart: so many more there are, or fewer where it is below zero. */
export interface CopiesStep {
  readonly kind: "copies";
  readonly table: string;
  readonly row: Row;
  readonly came: number;
  /** Of rows that went: how many there were before. */
  readonly stood?: number;
}

/** A change of what the database is made of, with the statement that takes it back. */
export interface SchemaStep {
  readonly kind: "schema";
  readonly thing: SchemaThing;
  /** Whether the thing is there once `run` has run. */
  readonly makes: boolean;
  readonly run: string;
  readonly back: string;
  /** The values of a new column, as literals: any other is somebody else's. */
  readonly values?: readonly string[];
}

export type Step = RowStep | CopiesStep | SchemaStep;

/** The step that takes a change of structure back. */
export function reversed(step: SchemaStep): SchemaStep {
  return { ...step, makes: !step.makes, run: step.back, back: step.run };
}

const inReadingOrder = new Intl.Collator("en", { numeric: true });

/** What happened to the rows of a table, by their keys. Columns that one side does not have are not compared. */
export function rowSteps(table: Pick<Table, "name" | "key">, before: readonly Row[], after: readonly Row[]): (RowStep | CopiesStep)[] {
  if (table.key.length === 0) return copiesSteps(table.name, before, after);
  const identity = (row: Row): string => identityOf(keyOf(row, table));
  const [then, now] = [before, after].map((rows) => new Map(rows.map((row) => [identity(row), row])));
  const steps: RowStep[] = [];
  for (const [at, old] of then ?? []) {
    const row = now?.get(at);
    const key = keyOf(old, table);
    if (!row) steps.push({ kind: "row", table: table.name, key, before: old, after: null });
    else steps.push(...updateOf(table.name, key, { old, now: row }));
  }
  for (const [at, row] of now ?? []) {
    if (!then?.has(at)) steps.push({ kind: "row", table: table.name, key: keyOf(row, table), before: null, after: row });
  }
  // Databases name what changed in an order of their own; people look for a row by its key.
  return steps.toSorted((one, other) => inReadingOrder.compare(identityOf(one.key), identityOf(other.key)));
}

function copiesSteps(table: string, before: readonly Row[], after: readonly Row[]): CopiesStep[] {
  const [old, now] = [before[0], after[0]];
  const columns = old && now ? Object.keys(old).filter((column) => column in now) : null;
  const came = new Map<string, { row: Row; came: number }>();
  const count = (rows: readonly Row[], by: number): void => {
    for (const full of rows) {
      const row = columns ? only(full, columns) : full;
      const one = came.get(identityOf(row)) ?? { row, came: 0 };
      came.set(identityOf(row), { row, came: one.came + by });
    }
  };
  count(before, -1);
  count(after, 1);
  return [...came.values()].flatMap((one) => (one.came === 0 ? [] : [{ kind: "copies", table, ...one }]));
}

function updateOf(table: string, key: Row, { old, now }: { readonly old: Row; readonly now: Row }): RowStep[] {
  const changed = Object.keys(old).filter((column) => column in now && old[column] !== now[column]);
  if (changed.length === 0) return [];
  return [{ kind: "row", table, key, before: only(old, changed), after: only(now, changed) }];
}

export function only(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? "NULL"]));
}

/** Whether a row has these values, of the columns that both know. */
export function agrees(row: Row, wanted: Row): boolean {
  return Object.entries(wanted).every(([column, value]) => !(column in row) || row[column] === value);
}
