import { keyOf, rowAt, rowsOf, type DatabaseSession, type Row, type Table } from "./session.js";
import { agrees, only, type RowStep, type SchemaStep, type Step } from "./step.js";
import type { Trial } from "./try-out.js";

/** What an action really did, as far as it was foreseen. */
export interface WhatRan {
  readonly steps: readonly Step[];
  /** Why some of it can't be told from what others did; null when all of it can. */
  readonly unclear: string | null;
}

/**
 * Compares what a trial foresaw with what stands there once the action has run. Only what the trial saw the statements
 * touch is theirs: what else changed meanwhile is somebody else's.
 */
export async function whatRan(session: DatabaseSession, { steps, keysBefore }: Trial): Promise<WhatRan> {
  const tables = new Map((await session.tables()).map((table) => [table.name, table]));
  const found: Step[] = [];
  for (const step of steps) {
    if (step.kind === "schema") found.push(...(await schemaRan(session, step)));
    else if (step.before !== null) found.push(...(await rowChanged(session, step, tables.get(step.table))));
  }
  const unclear: string[] = [];
  const inserts = steps.filter((step) => step.kind === "row").filter(({ before }) => before === null);
  for (const [name, own] of Map.groupBy(inserts, ({ table }) => table)) {
    const table = tables.get(name);
    if (!table) continue;
    const came = await rowsCame(session, { table, foreseen: own, before: new Set(keysBefore[name]) });
    if (came) found.push(...came);
    else unclear.push(`Others wrote rows into ${name} at the same moment, and the new ones can't be told apart.`);
  }
  return { steps: found, unclear: unclear.length > 0 ? unclear.join(" ") : null };
}

async function schemaRan(session: DatabaseSession, step: SchemaStep): Promise<SchemaStep[]> {
  return (await session.has(step.thing)) === step.makes ? [step] : [];
}

/** What stands in the columns that the statements change is theirs, also where it is not what was foreseen (a time, a number). */
async function rowChanged(session: DatabaseSession, step: RowStep, table: Table | undefined): Promise<RowStep[]> {
  if (!table) return [];
  const now = await rowAt(session, table, step.key);
  if (step.after === null) return now === null ? [step] : [];
  if (now === null || step.before === null) return [];
  const changed = Object.keys(step.before).filter((column) => now[column] !== step.before?.[column]);
  if (changed.length === 0) return [];
  return [{ ...step, before: only(step.before, changed), after: only(now, changed) }];
}

interface Came {
  readonly table: Table;
  readonly foreseen: readonly RowStep[];
  /** Keys that were there before the action. */
  readonly before: ReadonlySet<string>;
}

/**
 * The rows that came, foreseen ones first. A number that the database gives may be another one than in the trial, and a
 * time always is: then as many new rows as were foreseen, alike in what was said of them. @returns null where others' are among them
 */
async function rowsCame(session: DatabaseSession, { table, foreseen, before }: Came): Promise<RowStep[] | null> {
  const filled = new Set([...table.key, ...table.columns.filter(({ hasDefault }) => hasDefault).map(({ name }) => name)]);
  const said = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => !filled.has(name)));
  const all = await newRows(session, table, before);
  if (all.length === 0) return [];
  const rows = foreseen.flatMap(({ after }) => (after === null ? [] : [after]));
  const exact = all.filter((row) => rows.some((wanted) => agrees(row, wanted)));
  if (exact.length === rows.length) return exact.map((row) => insertOf(table, row));
  const alike = all.filter((row) => rows.some((wanted) => agrees(row, said(wanted))));
  if (alike.length === rows.length) return alike.map((row) => insertOf(table, row));
  // None but the run's came, though a value in them was only made when it ran.
  if (all.length === rows.length && all.every((row) => rows.some((wanted) => isMostlyAs(row, wanted)))) {
    return all.map((row) => insertOf(table, row));
  }
  return null;
}

async function newRows(session: DatabaseSession, table: Table, before: ReadonlySet<string>): Promise<Row[]> {
  const rows = (await rowsOf(session, table)) ?? new Map<string, Row>();
  return [...rows].flatMap(([key, row]) => (before.has(key) ? [] : [row]));
}

function isMostlyAs(row: Row, wanted: Row): boolean {
  const names = Object.keys(wanted);
  return names.filter((name) => row[name] === wanted[name]).length * 2 > names.length;
}

function insertOf(table: Table, row: Row): RowStep {
  return { kind: "row", table: table.name, key: keyOf(row, table), before: null, after: row };
}
