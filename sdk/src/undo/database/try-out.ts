import { PullcordError } from "../../protocol/index.js";
import { isNamed, mostRows, rowsOf, valueOf, type DatabaseSession, type Row, type SchemaThing, type Table } from "./session.js";
import { rowSteps, type RowStep, type SchemaStep, type Step } from "./step.js";
import { takeBack } from "./take-back.js";

/** Most rows that one action may change and have kept. */
const mostSteps = 10_000;
/** More tables come in by triggers and cascades; each time it is tried anew, so often. */
const mostTries = 4;
/** Most different values of a new column that are kept. */
const mostValues = 1_000;

/** One statement as it will run. */
export interface Statement {
  readonly text: string;
  /** The tables that it names, as it names them. */
  readonly tables: readonly string[];
  /** Of a change of the database's structure: how it is taken back. */
  readonly inverse?: Inverse;
}

export interface Inverse {
  readonly thing: SchemaThing;
  /** Whether the thing is there once the statement has run. */
  readonly makes: boolean;
  readonly sql: string;
  /** Of a table that gets another name: the one it had. */
  readonly renamed?: string;
}

/** What statements would do, found by doing it in a transaction that was rolled back. */
export interface Trial {
  readonly steps: readonly Step[];
  /** Keys that were there before, of the tables that get new rows. */
  readonly keysBefore: Readonly<Record<string, readonly string[]>>;
}

/**
 * Runs statements, looks at what they did, takes it back, and looks again; all of it in a transaction that is rolled
 * back (E22). What comes out is an undo that has worked once.
 * @throws PullcordError `unavailable`/`rows_not_kept` with the reason, when it can't be kept or did not go back
 */
export async function tryOut(session: DatabaseSession, statements: readonly Statement[]): Promise<Trial> {
  const watched = new Set(statements.flatMap(({ tables }) => tables.map((name) => name.toLowerCase())));
  for (let attempt = 0; attempt < mostTries; attempt++) {
    await session.begin();
    try {
      const trial = await tryOnce(session, statements, watched);
      if (!("more" in trial)) return trial;
      for (const name of trial.more) watched.add(name.toLowerCase());
    } finally {
      await session.rollback();
    }
  }
  throw notKept("Its triggers and cascades reach ever more tables.");
}

type Images = ReadonlyMap<string, ReadonlyMap<string, Row>>;

async function tryOnce(
  session: DatabaseSession,
  statements: readonly Statement[],
  watched: ReadonlySet<string>,
): Promise<Trial | { readonly more: readonly string[] }> {
  const tables = await session.tables();
  const named = tables.filter(({ name }) => watched.has(name.toLowerCase()) || watched.has(baseName(name)));
  const looked = session.touchedWith(named, tables);
  const before = await imagesOf(session, looked);
  const schema: SchemaStep[] = [];
  for (const statement of statements) {
    const { inverse, text } = statement;
    const isNews = inverse !== undefined && (await session.has(inverse.thing)) !== inverse.makes;
    await runAsAgent(session, text);
    // `IF NOT EXISTS` may have found it there.
    if (inverse && isNews) schema.push({ kind: "schema", thing: inverse.thing, makes: inverse.makes, run: text, back: inverse.sql });
  }
  const touched = await session.touched();
  const now = await session.tables();
  const made = now.filter(({ name }) => !tables.some((table) => table.name === name));
  const after = await imagesOf(session, [...looked.flatMap(({ name }) => now.find((table) => table.name === name) ?? []), ...made]);
  const more = (touched ?? []).filter((name) => !after.has(name));
  if (more.length > 0) return { more };
  const steps = [...(await withValues(session, schema, now)), ...changesBetween(now, underNewNames(before, statements), after)];
  await requireReversible(session, steps, { before, tables, looked });
  const inserted = new Set(steps.flatMap((step) => (step.kind === "row" && step.before === null ? [step.table] : [])));
  return { steps, keysBefore: Object.fromEntries([...inserted].map((name) => [name, [...(before.get(name)?.keys() ?? [])]])) };
}

async function runAsAgent(session: DatabaseSession, text: string): Promise<void> {
  try {
    await session.run(text);
  } catch (error) {
    throw notKept(`The database refused it when it was tried: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** All rows of these tables. @throws PullcordError where rows can't be told apart, or are too many */
async function imagesOf(session: DatabaseSession, tables: readonly Table[]): Promise<Images> {
  const images = new Map<string, ReadonlyMap<string, Row>>();
  for (const table of tables) {
    const rows = await rowsOf(session, table);
    if (!rows) throw notKept(`The table ${table.name} has more than ${mostRows} rows.`);
    if (table.key.length === 0 && rows.size > 0)
      throw notKept(`The table ${table.name} has no primary key, so its rows can't be told apart.`);
    images.set(table.name, rows);
  }
  return images;
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

function changesBetween(tables: readonly Table[], before: Images, after: Images): RowStep[] {
  const steps = tables.flatMap((table) => rowSteps(table, before.get(table.name) ?? new Map(), after.get(table.name) ?? new Map()));
  if (steps.length > mostSteps) throw notKept(`It changes more than ${mostSteps} rows.`);
  return steps;
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
    const rows = (await rowsOf(session, table)) ?? new Map<string, Row>();
    const values = [...new Set([...rows.values()].map((row) => valueOf(row, step.thing.name)))];
    if (values.length > mostValues) throw notKept(`The new column ${step.thing.name} has more than ${mostValues} different values.`);
    filled.push({ ...step, values });
  }
  return filled;
}

interface Standing {
  readonly before: Images;
  readonly tables: readonly Table[];
  readonly looked: readonly Table[];
}

/** Takes the steps back where they were made, and looks whether everything is as it was. */
async function requireReversible(session: DatabaseSession, steps: readonly Step[], { before, tables, looked }: Standing): Promise<void> {
  const { conflicts } = await takeBack(session, steps);
  if (conflicts[0]) throw notKept(`It did not go back when that was tried: ${conflicts[0].sentence}`);
  const again = await session.tables();
  if (shapeOf(again) !== shapeOf(tables)) throw notKept("The tables did not become what they were when that was tried.");
  const after = await imagesOf(session, looked);
  const different = looked.find(
    ({ name, key }) => rowSteps({ name, key }, before.get(name) ?? new Map(), after.get(name) ?? new Map()).length > 0,
  );
  if (different) throw notKept(`The rows of ${different.name} did not become what they were when that was tried.`);
}

function shapeOf(tables: readonly Table[]): string {
  return JSON.stringify(tables.map(({ name, columns, key }) => [name, columns.map((column) => column.name), key]));
}

function baseName(name: string): string {
  return (name.split(".").at(-1) ?? name).toLowerCase();
}

export function notKept(why: string): PullcordError {
  return new PullcordError("unavailable", "rows_not_kept", `What it does to rows could not be kept. ${why}`);
}
