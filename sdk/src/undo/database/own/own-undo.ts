import {
  bounds,
  type HandedInAction,
  type JsonObject,
  type PathChange,
  type ToldChange,
  type UndoTask,
  type UndoTaskAnswer,
} from "../../../protocol/index.js";
import { isPathWanted } from "../../kind.js";
import { carryOutSteps, doneSteps, strayed } from "../carry-out.js";
import { chained } from "../chained.js";
import { changesFrom, conflictsFrom, pathOf, performedChanges } from "../describe.js";
import type { DatabaseSession } from "../session.js";
import type { RowStep } from "../step.js";
import { takeBack, type TakenBack } from "../take-back.js";
import { handedRows, plannedRows, type HandedRows, type PlannedRows } from "./handed-rows.js";
import type { OwnDatabase } from "./own-database.js";

/** So many rows are told with their diffs and statements, the rest by name. */
const mostInFull = 500;
/** Longest diff and statement told, in characters. */
const longestTold = 15_000;
const longestSentence = 1_500;

/** A database of a program's own under the name of its handler. */
export interface NamedDatabase {
  readonly name: string;
  readonly database: OwnDatabase<unknown>;
}

/** What a transaction did, for people. */
export function toldRows(name: string, rows: readonly RowStep[]): ToldChange[] {
  const steps = rows.map((step) => ({ step, actionId: "" }));
  return told(name, changesFrom(name, steps));
}

/** Tries the way back in a transaction that is rolled back: what the answer tells has worked once. */
export async function previewRows({ name, database }: NamedDatabase, task: UndoTask): Promise<UndoTaskAnswer> {
  const { certain, uncertain } = await stepsOf({ name, database }, task);
  const [taken, unknown] = [await tried(database, certain), await tried(database, uncertain)];
  const planned: PlannedRows = { planned: taken.performed };
  if (JSON.stringify(planned).length > bounds.undoDataLength) {
    const sentence = `The way back of these rows is longer than ${bounds.undoDataLength / 2 ** 20} MiB. Take them back in pieces: later actions first (--to), or some tables (--only).`;
    return { isDone: false, sentence };
  }
  const conflicts = [
    ...conflictsFrom(name, taken.conflicts),
    ...performedChanges(name, unknown.performed).map(({ path }) => ({ path, sentence: neverConfirmed })),
  ];
  return {
    isDone: true,
    sentence: "",
    plan: {
      changes: told(name, performedChanges(name, taken.performed)),
      conflicts: conflicts.map(({ path, sentence }) => ({
        path: below(name, path),
        sentence: sentence.slice(0, longestSentence).toWellFormed(),
      })),
      planned: planned as unknown as JsonObject,
    },
  };
}

/** Takes the rows back, in one transaction; asked again after a crash, it finds what was committed. */
export async function takeRowsBack({ name, database }: NamedDatabase, task: UndoTask): Promise<UndoTaskAnswer> {
  const planned = plannedRows(task.planned, database.isLiteral);
  const { certain: steps } = await stepsOf({ name, database }, task);
  const open = async (): Promise<DatabaseSession> => (await database.open()).session;
  const { failure, ...end } = await carryOutSteps({ shown: name, steps, planned, known: [] }, { open, note: () => {} });
  if (failure !== undefined) return { isDone: false, sentence: failure.slice(0, longestSentence).toWellFormed() };
  const back: HandedRows = { rows: doneSteps({ planned, shown: name, end }) as RowStep[], transaction: null };
  return {
    isDone: true,
    sentence: "",
    end: {
      restored: end.restored.map((path) => below(name, path)),
      conflicts: end.conflicts.map(({ path, sentence }) => ({
        path: below(name, path),
        sentence: sentence.slice(0, longestSentence).toWellFormed(),
      })),
      unverified: end.unverified.map((path) => below(name, path)),
      back: back as unknown as JsonObject,
    },
  };
}

const neverConfirmed = "Its program ended before it said whether this was committed, so what stands there may be somebody else's.";

interface Steps {
  /** The oldest first. */
  readonly certain: readonly RowStep[];
  /** Of transactions that nobody can say of whether they were committed. */
  readonly uncertain: readonly RowStep[];
}

async function stepsOf({ name, database }: NamedDatabase, { earlier = [], only, ...newest }: UndoTask): Promise<Steps> {
  const certain: RowStep[] = [];
  const uncertain: RowStep[] = [];
  for (const action of [newest, ...earlier].toReversed()) {
    const handedIn = handedRows(action.data, database.isLiteral);
    const rows = handedIn.rows.filter((step) => isPathWanted(below(name, pathOf(name, step)), only));
    const hasHappened = await hasBeenCommitted(database, action, handedIn);
    if (hasHappened !== false) (hasHappened === true ? certain : uncertain).push(...rows);
  }
  return { certain: chained(certain), uncertain: chained(uncertain) };
}

async function hasBeenCommitted(
  database: OwnDatabase<unknown>,
  { isProvisional }: Pick<HandedInAction, "isProvisional">,
  { transaction }: HandedRows,
): Promise<boolean | null> {
  if (isProvisional !== true) return true;
  return transaction === null ? null : database.wasCommitted(transaction);
}

async function tried(database: OwnDatabase<unknown>, steps: readonly RowStep[]): Promise<TakenBack> {
  if (steps.length === 0) return { performed: [], conflicts: [] };
  const { session } = await database.open();
  try {
    await session.begin();
    const taken = await takeBack(session, steps);
    const why = await strayed(session, taken);
    if (why !== null) return { performed: [], conflicts: steps.map((step) => ({ step, sentence: why })) };
    return taken;
  } finally {
    await session.rollback().catch(() => undefined);
    await session.close();
  }
}

/** Cut to what people can read: what is done is what was planned, in full. */
function told(name: string, changes: readonly PathChange[]): ToldChange[] {
  return changes.map(({ path, kind, sentence, diff, runs }, index) => {
    const isInFull = index < mostInFull;
    return {
      path: below(name, path),
      kind,
      sentence: sentence.slice(0, longestSentence).toWellFormed(),
      diff: isInFull && diff !== null && diff.length <= longestTold ? diff : null,
      runs: isInFull
        ? runs.map((sql) => (sql.length > longestTold ? `${sql.slice(0, longestTold).toWellFormed()}… (${sql.length} characters)` : sql))
        : [],
    };
  });
}

function below(name: string, path: string): string {
  return path.slice(name.length + 1);
}
