import type { Row, SchemaThing } from "./session.js";

/** One row, before and after something happened to it. An update holds the columns that it changed, and only those. */
export interface RowStep {
  readonly kind: "row";
  readonly table: string;
  readonly key: Row;
  readonly before: Row | null;
  readonly after: Row | null;
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

export type Step = RowStep | SchemaStep;

/** The step that takes a step back. */
export function reversed(step: Step): Step {
  if (step.kind === "row") return { ...step, before: step.after, after: step.before };
  return { ...step, makes: !step.makes, run: step.back, back: step.run };
}

/** What happened to the rows of a table, by their keys. Columns that one side does not have are not compared. */
export function rowSteps(
  table: { readonly name: string; readonly key: readonly string[] },
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): RowStep[] {
  const steps: RowStep[] = [];
  const at = (row: Row): Row => Object.fromEntries(table.key.map((name) => [name, row[name] ?? "NULL"]));
  for (const [key, old] of before) {
    const now = after.get(key);
    if (!now) steps.push({ kind: "row", table: table.name, key: at(old), before: old, after: null });
    else steps.push(...updateOf(table.name, at(old), { old, now }));
  }
  for (const [key, now] of after) {
    if (!before.has(key)) steps.push({ kind: "row", table: table.name, key: at(now), before: null, after: now });
  }
  return steps;
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
