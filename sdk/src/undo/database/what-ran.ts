import { identityOf, keyOf, rowAt, rowsAt, rowsOf, countAlike, type DatabaseSession, type Row, type Table } from "./session.js";
import { agrees, only, rowSteps, type CopiesStep, type RowStep, type SchemaStep, type Step } from "./step.js";
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
export async function whatRan(session: DatabaseSession, { steps, marks }: Trial): Promise<WhatRan> {
  const tables = new Map((await session.tables()).map((table) => [table.name, table]));
  const found: Step[] = [];
  for (const step of steps) {
    if (step.kind === "schema") found.push(...(await schemaRan(session, step)));
    else if (step.kind === "row" && step.before !== null) found.push(...(await rowChanged(session, step, tables.get(step.table))));
    else if (step.kind === "copies" && step.came < 0) found.push(...(await copiesWent(session, step, tables.get(step.table))));
  }
  const unclear: string[] = [];
  const foreseen = steps.flatMap((step) => rowsNew(step).map((row) => ({ table: step.kind === "schema" ? "" : step.table, row })));
  for (const [name, own] of Map.groupBy(foreseen, ({ table }) => table)) {
    const table = tables.get(name);
    if (!table) continue;
    const came = await rowsCame(session, { table, rows: own.map(({ row }) => row), mark: marks[name] });
    if (came) found.push(...rowSteps(table, [], came).map((step) => asForeseen(step, steps)));
    else unclear.push(`Others wrote rows into ${name} at the same moment, and the new ones can't be told apart.`);
  }
  return { steps: found, unclear: unclear.length > 0 ? unclear.join(" ") : null };
}

/** With what was found out about its references. */
function asForeseen(step: RowStep | CopiesStep, steps: readonly Step[]): Step {
  if (step.kind === "copies") return step;
  const isSame = (one: Step): one is RowStep =>
    one.kind === "row" && one.loose !== undefined && one.table === step.table && identityOf(one.key) === identityOf(step.key);
  const foreseen = steps.find(isSame);
  return foreseen?.loose ? { ...step, loose: foreseen.loose } : step;
}

function rowsNew(step: Step): Row[] {
  if (step.kind === "copies") return Array<Row>(Math.max(0, step.came)).fill(step.row);
  return step.kind === "row" && step.before === null && step.after !== null ? [step.after] : [];
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

async function copiesWent(session: DatabaseSession, step: CopiesStep, table: Table | undefined): Promise<CopiesStep[]> {
  if (!table || step.stood === undefined) return [];
  const went = step.stood - (await countAlike(session, table, step.row));
  return went > 0 ? [{ ...step, came: -Math.min(went, -step.came) }] : [];
}

interface Came {
  readonly table: Table;
  /** As they were foreseen. */
  readonly rows: readonly Row[];
  /** Of the table before the action; a table that was not there yet has none. */
  readonly mark: string | undefined;
}

/**
 * The rows that came, foreseen ones first. A number that the database gives may be another one than in the trial, and a
 * time always is: then as many new rows as were foreseen, alike in what was said of them. @returns null where others' are among them
 */
async function rowsCame(session: DatabaseSession, { table, rows, mark }: Came): Promise<readonly Row[] | null> {
  const filled = new Set([...table.key, ...table.columns.filter(({ hasDefault }) => hasDefault).map(({ name }) => name)]);
  const said = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => !filled.has(name)));
  const keys = table.key.length > 0 ? rows.map((row) => keyOf(row, table)) : [];
  const atKeys = await rowsAt(session, table, keys);
  const exact = exactOnes(atKeys, rows);
  if (exact) return exact;
  const since = mark === undefined ? await rowsOf(session, table) : await session.cameSince(table, mark);
  if (since === null) return null;
  const identity = (row: Row): string => identityOf(keyOf(row, table));
  const isSince = new Set(since.map(identity));
  // At a key that was free when it was tried stands a row that came, too.
  const all = [...since, ...atKeys.filter((row) => !isSince.has(identity(row)))];
  if (all.length === 0) return all;
  const alikeAll = exactOnes(all, rows);
  if (alikeAll) return alikeAll;
  const alike = all.filter((row) => rows.some((wanted) => agrees(row, said(wanted))));
  if (alike.length === rows.length) return alike;
  // None but the run's came, though a value in them was only made when it ran.
  return all.length === rows.length && all.every((row) => rows.some((wanted) => isMostlyAs(row, wanted))) ? all : null;
}

/** For each that is wanted one that is all alike, none twice; null where one is missing. */
function exactOnes(all: readonly Row[], wanted: readonly Row[]): Row[] | null {
  const columns = Object.keys(wanted[0] ?? {}).filter((column) => column in (all[0] ?? {}));
  const identity = (row: Row): string => identityOf(only(row, columns));
  const left = Map.groupBy(all, identity);
  const found = wanted.flatMap((row) => left.get(identity(row))?.splice(0, 1) ?? []);
  return found.length === wanted.length ? found : null;
}

function isMostlyAs(row: Row, wanted: Row): boolean {
  const names = Object.keys(wanted);
  return names.filter((name) => row[name] === wanted[name]).length * 2 > names.length;
}
