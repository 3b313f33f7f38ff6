import { watchFired } from "./fired.js";
import { sentenceOf } from "./not-kept.js";
import { looseEnd, type Turn } from "./references.js";
import { heldRowAt, identityOf, isNamed, countAlike, valuesIn, type DatabaseSession, type Row, type Table } from "./session.js";
import { insertInto, statementFor } from "./row-statements.js";
import { agrees, only, reversed, type CopiesStep, type RowStep, type SchemaStep, type Step } from "./step.js";

/** What was put back, and what was left. */
export interface TakenBack {
  /** What was done, in its order; taking these back is the redo. */
  readonly performed: readonly PerformedStep[];
  readonly conflicts: readonly StepConflict[];
}

export interface PerformedStep {
  readonly step: Step;
  /** The statement that was run. */
  readonly sql: string;
}

export interface StepConflict {
  readonly step: Step;
  readonly sentence: string;
}

/**
 * Takes steps back, the last first, in the transaction that the session is in. A row goes back as far as it stands as the
 * step left it; what others changed stays (threats, R27). What a rule of the database still forbids is tried again after
 * the others, so that rows may refer to each other; what it forbids to the end is a conflict.
 */
export async function takeBack(session: DatabaseSession, steps: readonly Step[], { isTrial = false } = {}): Promise<TakenBack> {
  const tables = await session.tables();
  const taking: Taking = { session, tables, performed: [], conflicts: [], left: new Set(), turns: [], isTrial };
  const own = tables.filter(({ name }) => steps.some((step) => step.kind !== "schema" && step.table === name));
  const fired = await watchFired(session, own);
  await session.withoutTriggers(own, async () => {
    for (const group of groupsOf(steps)) {
      if (group.kind === "schema") await takeSchemaBack(group.step, taking);
      else await takeRowsBack(group.steps, taking);
    }
  });
  await fired.requireNothingElse(taking.performed);
  return { performed: taking.performed, conflicts: taking.conflicts };
}

interface Taking {
  readonly session: DatabaseSession;
  /** As they are after the last change of structure. */
  tables: readonly Table[];
  readonly performed: PerformedStep[];
  readonly conflicts: StepConflict[];
  /** Rows that go no further back: somebody changed them. */
  readonly left: Set<string>;
  /** Rows that became others. */
  readonly turns: RowTurn[];
  /** Everything stands again as it did: where references led nowhere, they may. */
  readonly isTrial: boolean;
  /** One savepoint around all of it: the first refusal ends the try. */
  readonly isAtOnce?: true;
  /** References are looked at when all of it is done. */
  readonly isTogether?: true;
}

interface RowTurn extends Turn {
  readonly step: RowStep;
  readonly table: Table;
}

type OfRows = RowStep | CopiesStep;
type Group = { readonly kind: "rows"; readonly steps: OfRows[] } | { readonly kind: "schema"; readonly step: SchemaStep };

/** The last first; rows next to each other in one go, no row twice. */
function groupsOf(steps: readonly Step[]): Group[] {
  const groups: Group[] = [];
  let seen = new Set<string>();
  for (const step of steps.toReversed()) {
    if (step.kind === "schema") {
      groups.push({ kind: "schema", step });
      continue;
    }
    const last = groups.at(-1);
    const name = nameOf(step);
    if (last?.kind === "rows" && !seen.has(name)) last.steps.push(step);
    else {
      groups.push({ kind: "rows", steps: [step] });
      seen = new Set();
    }
    seen.add(name);
  }
  return groups;
}

function nameOf(step: OfRows): string {
  return `${step.table}/${identityOf(step.kind === "row" ? step.key : step.row)}`;
}

async function takeRowsBack(steps: readonly OfRows[], taking: Taking): Promise<void> {
  let waiting = steps.filter((step) => !taking.left.has(nameOf(step)));
  if ((await takenAtOnce(waiting, taking)) === null) return;
  while (waiting.length > 0) {
    const postponed: Postponed[] = [];
    for (const step of waiting) {
      const why = await takeRowBack(step, taking);
      if (why !== null) postponed.push({ step, why });
    }
    if (postponed.length === waiting.length) return takeTogether(postponed, taking);
    waiting = postponed.map(({ step }) => step);
  }
}

interface Postponed {
  readonly step: OfRows;
  readonly why: string;
}

/** Rows that wait for each other: those stand that have something to refer to when all do. */
async function takeTogether(postponed: readonly Postponed[], taking: Taking): Promise<void> {
  let waiting = taking.session.keepsReferences ? [] : postponed;
  for (const { step, why } of postponed) if (!waiting.some((one) => one.step === step)) leave(step, why, taking);
  while (waiting.length > 0) {
    const steps = waiting.map(({ step }) => step);
    const loose = await takenAtOnce(steps, taking, { isTogether: true });
    if (loose === null) return;
    const isOut = new Set(loose.length > 0 ? loose : steps);
    for (const { step, why } of waiting) if (isOut.has(step)) leave(step, why, taking);
    waiting = waiting.filter(({ step }) => !isOut.has(step));
  }
}

/**
 * All of them one after the other, which is how it nearly always goes. @returns null where that is done; else nothing is,
 * because one has to wait, or these would have nothing to refer to
 */
async function takenAtOnce(
  steps: readonly OfRows[],
  taking: Taking,
  how: Pick<Taking, "isTogether"> = {},
): Promise<readonly OfRows[] | null> {
  const { session } = taking;
  const tried: Taking = { ...taking, performed: [], conflicts: [], left: new Set(taking.left), turns: [], isAtOnce: true, ...how };
  let isDone = false;
  await session.run("SAVEPOINT pullcord_rows");
  try {
    for (const step of steps) if ((await takeRowBack(step, tried)) !== null) return [];
    const loose = how.isTogether && !taking.isTrial ? await looseAmong(tried) : [];
    isDone = loose.length === 0;
    if (!isDone) return loose;
  } catch {
    return [];
  } finally {
    if (!isDone) await session.run("ROLLBACK TO SAVEPOINT pullcord_rows");
    await session.run("RELEASE SAVEPOINT pullcord_rows");
  }
  taking.performed.push(...tried.performed);
  taking.conflicts.push(...tried.conflicts);
  for (const name of tried.left) taking.left.add(name);
  return null;
}

async function looseAmong({ session, turns }: Taking): Promise<OfRows[]> {
  const loose: OfRows[] = [];
  for (const { step, table, now, next } of turns) {
    if ((await looseEnd(session, table, { now, next, loose: step.loose })) !== null) loose.push(step);
  }
  return loose;
}

/** @returns why it can't be done yet; null when it is done, or left for good */
async function takeRowBack(step: OfRows, taking: Taking): Promise<string | null> {
  const table = taking.tables.find(({ name }) => name === step.table);
  if (!table) return leave(step, "Its table is not there any more.", taking);
  return step.kind === "row" ? takeKeyedBack(step, table, taking) : takeCopiesBack(step, table, taking);
}

async function takeKeyedBack(step: RowStep, table: Table, taking: Taking): Promise<string | null> {
  const { session, performed } = taking;
  const now = await heldRowAt(session, table, step.key);
  const wanted = wantedOf(step, now);
  if (wanted.kind === "conflict") return leave(step, wanted.sentence, taking);
  if (wanted.kind === "nothing") return null;
  const next = wanted.row === null ? null : { ...now, ...wanted.row };
  const why = taking.isTogether ? null : await looseEnd(session, table, { now, next, loose: step.loose });
  if (why !== null) return why;
  const sql = statementFor(step, table, wanted.row);
  const refused = await refusedOf(sql, taking);
  if (refused !== null) return refused;
  // What was really written: the redo takes back that, and no more.
  const before = now !== null && wanted.row !== null ? only(now, Object.keys(wanted.row)) : now;
  performed.push({ step: { ...step, before, after: wanted.row }, sql });
  taking.turns.push({ step, table, now, next });
  return null;
}

/** Rows that nothing tells apart: as many alike as came go, and as many come as went. */
async function takeCopiesBack(step: CopiesStep, table: Table, taking: Taking): Promise<string | null> {
  const { session, performed } = taking;
  const count = Math.abs(step.came);
  const found = session.isOneOf(table, step.row, count);
  if (found === null) return leave(step, "Its rows have a key now.", taking);
  if (step.came > 0) {
    const left = await countAlike(session, table, step.row);
    if (left === 0) return leave(step, "Somebody changed or removed it since.", taking);
    if (left < count) return leave(step, `Only ${left} of ${count} such rows are left.`, taking);
    const why = await looseEnd(session, table, { now: step.row, next: null, loose: undefined });
    if (why !== null) return why;
  }
  const sql = step.came > 0 ? `DELETE FROM ${table.sql} WHERE ${found}` : insertInto(table, step.row, count);
  const refused = await refusedOf(sql, taking);
  if (refused !== null) return refused;
  performed.push({ step: { ...step, came: -step.came }, sql });
  return null;
}

/** What has to become of a row: written anew, removed (null), or only some columns of it; or why it stays. */
type Wanted =
  | { readonly kind: "change"; readonly row: Row | null }
  | { readonly kind: "nothing" }
  | { readonly kind: "conflict"; readonly sentence: string };

function wantedOf({ before, after }: RowStep, now: Row | null): Wanted {
  const conflict = (sentence: string): Wanted => ({ kind: "conflict", sentence });
  if (before === null) {
    if (now === null) return { kind: "nothing" };
    return agrees(now, after ?? {}) ? { kind: "change", row: null } : conflict("The run made it, and somebody changed it since.");
  }
  if (after === null) {
    if (now === null) return { kind: "change", row: before };
    return agrees(now, before) ? { kind: "nothing" } : conflict("Somebody put something else in its place since.");
  }
  if (now === null) return conflict("Somebody removed it since.");
  const columns = Object.keys(before).filter((column) => now[column] !== before[column]);
  const torn = columns.filter((column) => now[column] !== after[column]);
  if (torn.length > 0) return conflict(`Somebody changed the same part since: ${torn.join(", ")}.`);
  return columns.length === 0 ? { kind: "nothing" } : { kind: "change", row: only(before, columns) };
}

/** @returns what the database has against it; where all goes in one go, its own error is thrown */
async function refusedOf(sql: string, { session, isAtOnce }: Taking): Promise<string | null> {
  if (!isAtOnce) return inSavepoint(session, sql);
  await session.run(sql);
  return null;
}

/** @returns what the database has against it */
async function inSavepoint(session: DatabaseSession, sql: string): Promise<string | null> {
  await session.run("SAVEPOINT pullcord_step");
  try {
    await session.run(sql);
    return null;
  } catch (error) {
    await session.run("ROLLBACK TO SAVEPOINT pullcord_step");
    return `The database refuses it: ${sentenceOf(error)}`;
  } finally {
    await session.run("RELEASE SAVEPOINT pullcord_step");
  }
}

async function takeSchemaBack(step: SchemaStep, taking: Taking): Promise<void> {
  const { session, performed } = taking;
  if ((await session.has(step.thing)) !== step.makes) return;
  const holds = step.makes ? await othersIn(session, step) : null;
  if (holds !== null) return void leave(step, holds, taking);
  const refused = await inSavepoint(session, step.back);
  if (refused !== null) leave(step, refused, taking);
  else performed.push({ step: reversed(step), sql: step.back });
  taking.tables = await session.tables();
}

/** What would be lost along with a table or a column that is not the run's. */
async function othersIn(session: DatabaseSession, { thing, back, values }: SchemaStep): Promise<string | null> {
  if (!/^(?:DROP TABLE|ALTER TABLE [^]* DROP COLUMN) /.test(back)) return null;
  const name = thing.type === "column" ? thing.table : thing.name;
  const table = (await session.tables()).find((one) => isNamed(one.name, name));
  if (!table) return null;
  if (thing.type === "table") {
    const found = await session.rows(`SELECT 1 AS found FROM ${table.sql} LIMIT 1`);
    return found.length > 0 ? "It holds rows that are not the run's." : null;
  }
  const now = await valuesIn(session, table, { column: thing.name, most: values?.length ?? 0 });
  const known = new Set(values);
  return now?.every((value) => known.has(value)) ? null : "Somebody filled it since.";
}

function leave(step: Step, sentence: string, { conflicts, left }: Taking): null {
  conflicts.push({ step, sentence });
  if (step.kind !== "schema") left.add(nameOf(step));
  return null;
}
