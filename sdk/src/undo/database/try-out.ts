import { isNotKept, notKept, sentenceOf } from "./not-kept.js";
import { looseOf } from "./references.js";
import {
  identityOf,
  isNamed,
  keyOf,
  mostChanges,
  rowAt,
  countAlike,
  valuesIn,
  type DatabaseSession,
  type Images,
  type Row,
  type Table,
  type Watch,
  type Watched,
} from "./session.js";
import type { Statement } from "./statement.js";
import { only, rowSteps, type CopiesStep, type RowStep, type SchemaStep, type Step } from "./step.js";
import { takeBack } from "./take-back.js";

/** Some tables turn out to have to be read as a whole from the start; each time it is tried anew, so often. */
const mostTries = 4;
/** Most different values of a new column that are kept. */
const mostValues = 1_000;

/** What statements would do, found by doing it in a transaction that was rolled back. */
export interface Trial {
  readonly steps: readonly Step[];
  /** Of the tables that get new rows: what tells those from the rows that were there. A new table has none. */
  readonly marks: Readonly<Record<string, string>>;
}

/**
 * Runs statements, looks at what they did, takes it back, and looks again; all of it in a transaction that is rolled
 * back (E22). What comes out is an undo that has worked once.
 * @throws PullcordError `unavailable`/`rows_not_kept` with the reason, when it can't be kept or did not go back
 */
export async function tryOut(session: DatabaseSession, statements: readonly Statement[]): Promise<Trial> {
  await admitted(session, statements);
  const wholly = new Set<string>();
  for (let attempt = 0; attempt < mostTries; attempt++) {
    await session.begin();
    try {
      const trial = await tryOnce(session, statements, wholly);
      if (!("wholly" in trial)) return trial;
      for (const name of trial.wholly) wholly.add(name);
    } finally {
      await session.rollback();
    }
  }
  throw notKept("Its triggers and cascades reach ever more tables.");
}

type Tried = Trial | { readonly wholly: readonly string[] };

async function tryOnce(session: DatabaseSession, statements: readonly Statement[], wholly: ReadonlySet<string>): Promise<Tried> {
  const names = new Set(statements.flatMap(({ tables }) => tables.map((name) => name.toLowerCase())));
  const all = await session.tables();
  const named = all.filter(({ name }) => names.has(name.toLowerCase()) || names.has(baseName(name)));
  const watch = await session.watch({ all, named, changes: changesOf(statements), wholly, statements });
  try {
    return await tryWatched(session, statements, { all, watch });
  } finally {
    await watch.end();
  }
}

function changesOf(statements: readonly Statement[]): Watched["changes"] {
  const structure = statements.filter(({ inverse }) => inverse !== undefined);
  return structure.length === 0 ? "rows" : structure.length === statements.length ? "structure" : "both";
}

interface TrialStart {
  /** As they were before. */
  readonly all: readonly Table[];
  readonly watch: Watch;
}

async function tryWatched(session: DatabaseSession, statements: readonly Statement[], { all, watch }: TrialStart): Promise<Tried> {
  const schema: SchemaStep[] = [];
  for (const statement of statements) {
    const { inverse, text } = statement;
    const isNews = inverse !== undefined && (await session.has(inverse.thing)) !== inverse.makes;
    await runAsAgent(() => watch.run?.(statement) ?? session.runAsGiven(statement));
    // `IF NOT EXISTS` may have found it there.
    if (inverse && isNews) schema.push({ kind: "schema", thing: inverse.thing, makes: inverse.makes, run: text, back: inverse.sql });
  }
  const now = await session.tables();
  const changed = await watch.changed(now);
  if ("wholly" in changed) return changed;
  const rows = changesBetween(now, underNewNames(changed.before, statements), changed.after);
  const steps = [...(await withValues(session, schema, now)), ...rows];
  const after = await loosely(session, steps, { tables: now, side: "after" });
  const more = await requireReversible(session, steps, { all, watch });
  if (more) return more;
  const growing = new Set(steps.flatMap((step) => (isNew(step) ? [step.table] : [])));
  const marks: Record<string, string> = {};
  for (const table of all) if (growing.has(table.name)) marks[table.name] = await session.mark(table);
  const loose = await loosely(session, after, { tables: all, side: "before" });
  return { steps: await counted(session, loose, all), marks };
}

/** Notes which references lead nowhere as the rows stand now, where the client lets them. */
async function loosely(
  session: DatabaseSession,
  steps: readonly Step[],
  { tables, side }: { readonly tables: readonly Table[]; readonly side: "before" | "after" },
): Promise<Step[]> {
  if (session.keepsReferences) return [...steps];
  const found: Step[] = [];
  for (const step of steps) {
    const table = step.kind === "row" ? tables.find(({ name }) => name === step.table) : undefined;
    if (!table || step.kind !== "row" || (table.pointsTo.length === 0 && table.referredBy.length === 0)) {
      found.push(step);
      continue;
    }
    const now = step[side] && (await rowAt(session, table, step.key));
    const other = step[side === "before" ? "after" : "before"];
    const loose = await looseOf(session, table, { now, next: other && { ...now, ...other } });
    const [points, users] = [step.loose?.pointsNowhere || loose?.pointsNowhere, Math.max(step.loose?.users ?? 0, loose?.users ?? 0)];
    found.push(points || users > 0 ? { ...step, loose: { pointsNowhere: points === true, users } } : step);
  }
  return found;
}

/** Of rows that nothing tells apart and that went: how many there were. */
async function counted(session: DatabaseSession, steps: readonly Step[], all: readonly Table[]): Promise<Step[]> {
  const found: Step[] = [];
  for (const step of steps) {
    const table = step.kind === "copies" && step.came < 0 ? all.find(({ name }) => name === step.table) : undefined;
    found.push(table && step.kind === "copies" ? { ...step, stood: await countAlike(session, table, step.row) } : step);
  }
  return found;
}

async function admitted(session: DatabaseSession, statements: readonly Statement[]): Promise<void> {
  try {
    await session.admit(statements);
  } catch (error) {
    throw notKept(sentenceOf(error));
  }
}

async function runAsAgent(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isNotKept(error)) throw error;
    throw notKept("The database refused it when it was tried", sentenceOf(error));
  }
}

/** A table that was renamed holds the rows that it held. */
function underNewNames(before: Images, statements: readonly Statement[]): Images {
  const images = new Map(before);
  for (const { inverse } of statements) {
    const rows = inverse?.renamed === undefined ? undefined : images.get(inverse.renamed);
    if (inverse && rows) images.set(inverse.thing.name, rows);
  }
  return images;
}

function changesBetween(tables: readonly Table[], before: Images, after: Images): (RowStep | CopiesStep)[] {
  const steps = tables.flatMap((table) => {
    const [old, now] = [before.get(table.name) ?? [], after.get(table.name) ?? []];
    return withOwnTimes(table, rowSteps(table, old, now), old);
  });
  if (steps.length > mostChanges) throw notKept(`It changes more than ${mostChanges} rows.`);
  return steps;
}

/** A column that sets itself is part of each change of its row: here the clock may stand still, and then not. */
function withOwnTimes(table: Table, steps: readonly (RowStep | CopiesStep)[], old: readonly Row[]): readonly (RowStep | CopiesStep)[] {
  const own = table.columns.filter(({ updatesItself }) => updatesItself).map(({ name }) => name);
  if (own.length === 0) return steps;
  const stood = new Map(old.map((row) => [identityOf(keyOf(row, table)), row]));
  return steps.map((step) => {
    const row = step.kind === "row" && step.before !== null && step.after !== null ? stood.get(identityOf(step.key)) : undefined;
    if (!row || step.kind !== "row") return step;
    return { ...step, before: { ...only(row, own), ...step.before }, after: { ...only(row, own), ...step.after } };
  });
}

function isNew(step: Step): step is RowStep | CopiesStep {
  return step.kind === "copies" ? step.came > 0 : step.kind === "row" && step.before === null;
}

/** A new column goes away again only with the values that it came with. */
async function withValues(session: DatabaseSession, schema: readonly SchemaStep[], tables: readonly Table[]): Promise<SchemaStep[]> {
  const filled: SchemaStep[] = [];
  for (const step of schema) {
    const table = step.thing.type === "column" ? tables.find(({ name }) => isNamed(name, step.thing.table)) : undefined;
    if (!table) {
      filled.push(step);
      continue;
    }
    const values = await valuesIn(session, table, { column: step.thing.name, most: mostValues });
    if (!values) throw notKept(`The new column ${step.thing.name} has more than ${mostValues} different values.`);
    filled.push({ ...step, values });
  }
  return filled;
}

/** Takes the steps back where they were made, and looks whether everything is as it was. @returns what has to be read as a whole for that */
export async function requireReversible(
  session: DatabaseSession,
  steps: readonly Step[],
  { all, watch }: TrialStart,
): Promise<{ readonly wholly: readonly string[] } | null> {
  const { performed, conflicts } = await takeBack(session, steps, { isTrial: true });
  if (conflicts[0]) throw notKept("It did not go back when that was tried", conflicts[0].sentence.replace(/\.$/, ""));
  const again = await session.tables();
  if (shapeOf(again) !== shapeOf(all)) throw notKept("The tables did not become what they were when that was tried.");
  const putBack = performed.map(({ step }) => step);
  const changed = await watch.changed(again, putBack);
  if ("wholly" in changed) return changed;
  const { before, after } = changed;
  const different = again.find((table) => rowSteps(table, before.get(table.name) ?? [], after.get(table.name) ?? []).length > 0);
  if (different) throw notKept(`The rows of ${different.name} did not become what they were when that was tried.`);
  return null;
}

function shapeOf(tables: readonly Table[]): string {
  return JSON.stringify(tables.map(({ name, columns, key }) => [name, columns.map((column) => column.name), key]));
}

function baseName(name: string): string {
  return (name.split(".").at(-1) ?? name).toLowerCase();
}
