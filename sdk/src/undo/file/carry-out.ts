import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { BlobStore } from "../blob-store.js";
import type { UndoEnd } from "../kind.js";
import { isSame } from "./entry.js";
import { Folder } from "../folder.js";
import type { UndoJournal, UndoJournals } from "./journal.js";
import { lookAt } from "./look.js";
import { operationsFor, type Operation } from "./operations.js";
import { spoiltSentence, type Conflict, type Planned } from "./plan.js";
import { openWriters } from "./open-writers.js";
import { asideOf, largestOf, restoreStep } from "./restore.js";

/** Steps between two turns of everybody else. */
const stepsPerTurn = 32;
/** Notes of how far it is, at most about: each writes the journal anew. A step that is repeated after a crash finds itself done. */
const mostNotes = 64;

export interface CarryingOut {
  readonly journals: UndoJournals;
  readonly blobs: BlobStore;
}

/** What came of an undo of files. */
export interface FilesEnd extends Omit<UndoEnd, "conflicts" | "heldOpen"> {
  readonly conflicts: readonly Conflict[];
  readonly heldOpen?: readonly Conflict[];
}

/** Writes down what was planned, durably, before any of it is done: from then on a crash can only delay it. */
export function beginUndo(id: string, root: string, { planned, journals, blobs }: CarryingOut & { readonly planned: Planned }): void {
  const steps = operationsFor(planned.changes);
  blobs.sync({ beyondQuota: true });
  journals.write({ id, root, changes: planned.changes, steps, done: 0, state: "running", conflicts: [] });
}

/** Does what is left of an undo; all of it, or nothing when a step fails. The same undo may be carried out again after a crash. */
export async function carryOutUndo(id: string, { journals, blobs }: CarryingOut): Promise<FilesEnd> {
  let journal = journals.read(id);
  if (!journal) throw new Error(`There is no journal of undo ${id}.`);
  const note = (change: Partial<UndoJournal>) => journals.write((journal = { ...(journal as UndoJournal), ...change }));
  if (journal.state === "running") await goOn(journal, { blobs, note });
  journal = journals.read(id) as UndoJournal;
  if (journal.state === "backing_out") await backOut(journal, { blobs, note });
  journal = journals.read(id) as UndoJournal;
  const heldOpen = await openWriters(removedBy(journal));
  return { ...endOf(journal, blobs), ...(heldOpen.length > 0 && { heldOpen }) };
}

/** Takes an undo back that was carried out. What it left aside stays as it was found. */
export async function backOutUndo(id: string, carrying: CarryingOut): Promise<FilesEnd> {
  const journal = carrying.journals.read(id);
  if (journal?.state === "done") carrying.journals.write({ ...journal, state: "backing_out", done: journal.steps.length });
  return carryOutUndo(id, carrying);
}

interface Going {
  readonly blobs: BlobStore;
  readonly note: (change: Partial<UndoJournal>) => void;
}

async function goOn({ id, root, steps, done, conflicts: before }: UndoJournal, { blobs, note }: Going): Promise<void> {
  const conflicts: Conflict[] = [...before];
  const stepsPerNote = Math.max(stepsPerTurn, Math.ceil(steps.length / mostNotes));
  makeRoot(root);
  for (let at = done; at < steps.length; at += 1) {
    const step = steps[at] as Operation;
    if (at % stepsPerTurn === 0 && at > done) await new Promise(setImmediate);
    if (at % stepsPerNote === 0 && at > done) note({ done: at, conflicts });
    if (conflicts.some(({ path }) => path === step.path)) continue;
    try {
      if (step.after?.kind === "sealed" && !(await blobs.sealed.prove(step.after.hash))) throw new Error(spoiltSentence);
      const found = restoreStep(step, { root, blobs, mark: id });
      // A step already behind another of the same path was done before the crash.
      if (found && !isDoneLater(steps, at, { root, blobs })) conflicts.push(found);
    } catch (error) {
      const failure = `${step.path}: ${error instanceof Error ? error.message : String(error)}`;
      return note({ state: "backing_out", done: at, conflicts, failure });
    }
  }
  note({ state: "done", done: steps.length, conflicts });
}

/** A run may have removed the very folder that it worked in. */
function makeRoot(root: string): void {
  if (existsSync(root)) return;
  const above = Folder.open(dirname(root));
  try {
    above.makeFolder(basename(root));
  } finally {
    above.close();
  }
}

/** Whether a later step of the same path has left its mark: after a crash, steps are repeated from the last note. */
function isDoneLater(
  steps: readonly Operation[],
  at: number,
  { root, blobs }: { readonly root: string; readonly blobs: BlobStore },
): boolean {
  const { path } = steps[at] as Operation;
  return steps.slice(at + 1).some((later) => later.path === path && standsAs(later, { root, blobs }));
}

/** Takes back the steps that were done, the last first. The failed one may have been done in part: it repairs itself. */
async function backOut({ id, root, steps, done, conflicts }: UndoJournal, { blobs, note }: Going): Promise<void> {
  for (let at = Math.min(done, steps.length - 1); at >= 0; at -= 1) {
    const { path, before, after } = steps[at] as Operation;
    if (conflicts.some((conflict) => conflict.path === path)) continue;
    try {
      restoreStep({ path, before: after, after: before }, { root, blobs, mark: id });
    } catch {
      // Where it cannot be taken back either, the report shows it: it does not stand as it did.
    }
  }
  note({ state: "backed_out" });
}

/** Files that were replaced or removed, by where they were when they went. */
function removedBy({ id, root, changes }: UndoJournal): ReadonlyMap<string, string> {
  const above = root === "/" ? "" : root;
  const files = changes.filter(({ before }) => before?.kind === "file");
  return new Map(files.map(({ path }) => [`${above}/${asideOf(path, id)}`, path]));
}

function endOf({ root, changes, state, conflicts, failure }: UndoJournal, blobs: BlobStore): FilesEnd {
  const isLeft = new Set(conflicts.map(({ path }) => path));
  const done = changes.filter(({ path }) => !isLeft.has(path));
  const expected = state === "backed_out" ? done.map((change) => ({ ...change, after: change.before })) : done;
  const unverified = expected.filter((change) => !standsAs(change, { root, blobs })).map(({ path }) => path);
  return {
    restored: state === "backed_out" ? [] : done.map(({ path }) => path),
    conflicts,
    unverified,
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Whether a path stands as a step leaves it, looked at on disk. */
function standsAs(step: Operation, { root, blobs }: { readonly root: string; readonly blobs: BlobStore }): boolean {
  const { path, after } = step;
  const names = path.split("/");
  const name = names.pop() as string;
  try {
    const folder = Folder.open([root === "/" ? "" : root, ...names].join("/") || "/");
    try {
      return isSame(lookAt(folder, name, { path, blobs, largestFileBytes: largestOf(step) }).standing, after);
    } finally {
      folder.close();
    }
  } catch {
    return after === null;
  }
}
