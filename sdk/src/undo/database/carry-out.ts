import type { Journals } from "../journals.js";
import type { UndoEnd } from "../kind.js";
import type { DatabasePlace } from "./captures.js";
import { chained } from "./chained.js";
import { conflictsFrom, pathOf } from "./describe.js";
import { sentenceOf } from "./not-kept.js";
import { rowAt, countAlike, type DatabaseSession } from "./session.js";
import { agrees, reversed, type RowStep, type SchemaStep, type Step } from "./step.js";
import { takeBack, type PerformedStep, type TakenBack } from "./take-back.js";

/** An undo of rows on disk. The database's own transaction makes it all or nothing; after a crash its number tells which, or its rows. */
export interface RowsJournal {
  readonly id: string;
  readonly place: DatabasePlace;
  readonly shown: string;
  /** What is taken back, the oldest first. */
  readonly steps: readonly Step[];
  /** What was foreseen to be done for that. */
  readonly planned: readonly PerformedStep[];
  /** Paths that were left already when it was planned. */
  readonly known: readonly string[];
  /** What is about to be committed. */
  readonly ran?: Ran;
  /** The same of taking it back again. */
  readonly ranBack?: Ran;
  readonly state: "running" | "done" | "failed" | "backed_out";
  readonly end: UndoEnd | null;
}

interface Ran {
  /** The transaction's; null where the database gives none. */
  readonly number: string | null;
  readonly taken: TakenBack;
}

interface CarryingOut {
  readonly journals: Journals<RowsJournal>;
  readonly open: (place: DatabasePlace) => Promise<DatabaseSession>;
}

const nothing: UndoEnd = { restored: [], conflicts: [], unverified: [] };

/** Does an undo of rows in one transaction; once more after a crash, which finds what was committed. */
export async function carryOutRows(id: string, { journals, open }: CarryingOut): Promise<UndoEnd> {
  const journal = journals.read(id);
  if (!journal) throw new Error(`There is no journal of undo ${id}.`);
  if (journal.end) return journal.end;
  const end = await carryOutSteps(journal, {
    open: () => open(journal.place),
    ran: journal.ran,
    note: (ran) => journals.write({ ...journal, ran }),
  });
  journals.write({ ...(journals.read(id) ?? journal), state: end.failure === undefined ? "done" : "failed", end });
  return end;
}

/** Takes back what was carried out, because a part of another kind failed. */
export async function backOutRows(id: string, { journals, open }: CarryingOut): Promise<UndoEnd> {
  const journal = journals.read(id);
  if (!journal || journal.state !== "done") return journal?.state === "backed_out" ? (journal.end ?? nothing) : nothing;
  const steps = doneSteps(journal);
  const backing = { ...journal, steps, planned: [], known: [] };
  const note = (ranBack: Ran): void => journals.write({ ...journal, ranBack });
  const { unverified, conflicts, failure } = await carryOutSteps(backing, { open: () => open(journal.place), ran: journal.ranBack, note });
  const left = [...unverified, ...conflicts.map(({ path }) => path)];
  const end = { ...nothing, unverified: left, ...(failure === undefined ? {} : { failure }) };
  journals.write({ ...journal, state: "backed_out", end });
  return end;
}

/** What was put back, in its order: taking that back is the redo. */
export function doneSteps({ planned, shown, end }: Pick<RowsJournal, "planned" | "shown" | "end">): Step[] {
  const isLeft = new Set(end?.conflicts.map(({ path }) => path));
  return planned.flatMap(({ step }) => (isLeft.has(pathOf(shown, step)) ? [] : [step]));
}

interface Running {
  readonly open: () => Promise<DatabaseSession>;
  /** From before a crash. */
  readonly ran?: Ran | undefined;
  /** Writes down what is about to be committed. */
  readonly note: (ran: Ran) => void;
}

type PlannedSteps = Pick<RowsJournal, "shown" | "steps" | "planned" | "known">;

/** Takes steps back in one transaction, and looks at each again. What was not planned is a failure: then nothing is changed. */
export async function carryOutSteps(journal: PlannedSteps, { open, ...running }: Running): Promise<UndoEnd> {
  const { shown, planned, known } = journal;
  let session: DatabaseSession;
  try {
    session = await open();
  } catch (error) {
    return { ...nothing, failure: `${shown}: ${sentenceOf(error)}` };
  }
  try {
    const taken = await committed(session, journal, running);
    if (typeof taken === "string") return { ...nothing, failure: `${shown}: ${taken}` };
    return await endOf(session, { shown, planned: planned.length > 0 ? planned : taken.performed, known, taken });
  } finally {
    await session.close();
  }
}

/** @returns why nothing was done, or what was */
async function committed(
  session: DatabaseSession,
  { steps, planned }: PlannedSteps,
  { ran, note }: Omit<Running, "open">,
): Promise<TakenBack | string> {
  const foreseen = new Set(planned.map(({ sql }) => sql));
  try {
    if (ran && (await wasCommitted(session, ran))) return ran.taken;
    await session.begin();
    const taken = await takeBack(session, steps);
    const isForeseen = foreseen.size === 0 || taken.performed.every(({ sql }) => foreseen.has(sql));
    const reason = isForeseen ? await strayed(session, taken) : "The rows changed since it was planned. Look at the preview again.";
    if (reason === null) {
      note({ number: (await session.transactionNumbers?.own()) ?? null, taken });
      await session.commit();
    } else await session.rollback();
    return reason ?? taken;
  } catch (error) {
    await session.rollback().catch(() => undefined);
    return sentenceOf(error);
  }
}

async function wasCommitted(session: DatabaseSession, { number, taken }: Ran): Promise<boolean> {
  if (session.transactionNumbers) return number !== null && session.transactionNumbers.wasCommitted(number);
  return standsDone(session, taken);
}

/**
 * Whether things stand as this would have left them. It was all or nothing, so one that stands as it would have found it
 * says that it was not done; what others changed since says nothing.
 */
async function standsDone(session: DatabaseSession, { performed }: TakenBack): Promise<boolean> {
  const steps = performed.map(({ step }) => step);
  const things = new Map(steps.flatMap((step) => (step.kind === "schema" ? [[JSON.stringify(step.thing), step] as const] : [])));
  const tables = await session.tables();
  let isFound = false;
  for (const step of [...chained(steps.filter((step) => step.kind === "row")), ...things.values()]) {
    const isDone = await standsAs(session, step, tables);
    const isUndone = await standsAs(session, oppositeOf(step), tables);
    if (isUndone && !isDone) return false;
    isFound ||= isDone && !isUndone;
  }
  return isFound;
}

function oppositeOf(step: RowStep | SchemaStep): Step {
  return step.kind === "schema" ? reversed(step) : { ...step, before: step.after, after: step.before };
}

/** Rows of other tables must not go along: what a cascade takes may be somebody else's. */
export async function strayed(session: DatabaseSession, { performed }: TakenBack): Promise<string | null> {
  const own = new Set(performed.flatMap(({ step }) => (step.kind === "schema" ? [step.thing.table ?? step.thing.name] : [step.table])));
  const other = (await session.touched())?.find((name) => !own.has(name));
  return other === undefined ? null : `Rows of ${other} would change along with it.`;
}

interface Ending {
  readonly shown: string;
  readonly planned: readonly PerformedStep[];
  readonly known: readonly string[];
  readonly taken: TakenBack;
}

/** Looks at every row again. */
async function endOf(session: DatabaseSession, { shown, planned, known, taken }: Ending): Promise<UndoEnd> {
  const conflicts = conflictsFrom(shown, taken.conflicts).filter(({ path }) => !known.includes(path));
  const isLeft = new Set(conflicts.map(({ path }) => path));
  const last = new Map(planned.map(({ step }) => [pathOf(shown, step), step]));
  const done = [...last].filter(([path]) => !isLeft.has(path));
  const unverified: string[] = [];
  const tables = await session.tables();
  for (const [path, step] of done) {
    if (!(await standsAs(session, step, tables))) unverified.push(path);
  }
  return { restored: done.map(([path]) => path), conflicts, unverified };
}

async function standsAs(session: DatabaseSession, step: Step, tables: Awaited<ReturnType<DatabaseSession["tables"]>>): Promise<boolean> {
  if (step.kind === "schema") return (await session.has(step.thing)) === step.makes;
  const table = tables.find(({ name }) => name === step.table);
  if (step.kind === "copies") return table !== undefined && (await countAlike(session, table, step.row)) >= step.came;
  const now = table ? await rowAt(session, table, step.key) : null;
  return now === null || step.after === null ? now === step.after : agrees(now, step.after);
}
