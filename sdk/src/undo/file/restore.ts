import { hash as digest } from "node:crypto";
import type { BlobStore } from "../blob-store.js";
import { isFolder, isSame, type Entry, type Standing } from "./entry.js";
import { Folder, isForbidden, isOutOfReach } from "../folder.js";
import { restoreMark } from "./left-out.js";
import { lookAt } from "./look.js";
import type { Operation } from "./operations.js";
import type { Conflict } from "./plan.js";
import { ownerOnlyFolder } from "../owner-only.js";

/** Where a restore works. */
export interface Ground {
  /** Absolute and resolved. */
  readonly root: string;
  readonly blobs: BlobStore;
  /** Sets apart the names that this restore uses for a moment: letters and digits. */
  readonly mark: string;
}

/**
 * Does one step, or finds it done already. It happens through the handle of the folder above, opened without following a
 * link; what stands there is moved aside in one go and looked at before it is let go, so nothing that somebody saved a
 * moment ago is lost. @returns a conflict where something else stands there than expected. @throws NodeJS.ErrnoException
 */
export function restoreStep(step: Operation, ground: Ground): Conflict | null {
  const { folder, name } = openAbove(step.path, ground.root);
  if (!folder) return isSame(null, step.after) ? null : conflict(step, "The folder it was in is gone, closed, or no folder any more.");
  try {
    if (isClosed(folder, name)) return conflict(step, "The folder it is in is closed.");
    const open = { folder, name, step, ground, passing: passingName(name, ground.mark) };
    putBack(open);
    const now = look(open, name);
    if (isSame(now, step.after)) return null;
    // A crash right after a folder was made, and before it got its mode.
    const isHalfMade = step.before === null && isFolder(step.after) && isSame(now, freshFolder);
    if (!isHalfMade && !isSame(now, step.before)) return conflict(step, "Somebody changed it while the undo ran.");
    return isFolder(step.before) || isFolder(step.after) ? changeFolder(open) : exchange(open);
  } finally {
    folder.close();
  }
}

/** Where what stood at a path was moved, right before it was removed. */
export function asideOf(path: string, mark: string): string {
  const names = path.split("/");
  const name = names.pop() as string;
  return [...names, `${passingName(name, mark)}.old`].join("/");
}

function passingName(name: string, mark: string): string {
  return `${restoreMark}${mark}-${digest("sha1", name)}`;
}

const freshFolder: Standing = { kind: "folder", mode: ownerOnlyFolder };

/** A step, in the open folder that it happens in. */
interface OpenStep {
  /** The folder above. */
  readonly folder: Folder;
  readonly name: string;
  readonly step: Operation;
  readonly ground: Ground;
  /** The beginning of names used for a moment. */
  readonly passing: string;
}

function openAbove(path: string, root: string): { readonly folder: Folder | null; readonly name: string } {
  const names = path.split("/");
  const name = names.pop() as string;
  try {
    return { folder: Folder.open([root === "/" ? "" : root, ...names].join("/") || "/"), name };
  } catch (error) {
    if (isOutOfReach(error)) return { folder: null, name };
    throw error;
  }
}

/** A folder in a closed one is seen to be closed itself only now. */
function isClosed(folder: Folder, name: string): boolean {
  try {
    folder.look(name);
    return false;
  } catch (error) {
    if (isForbidden(error)) return true;
    throw error;
  }
}

function changeFolder({ folder, name, step }: OpenStep): Conflict | null {
  try {
    if (step.before === null && !folder.look(name)) folder.makeFolder(name);
    if (isFolder(step.after)) folder.setFolderMode(name, step.after.mode);
    else folder.removeFolder(name);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return conflict(step, "The folder stays: it holds files that are not the run's.");
    throw error;
  }
}

/** Takes away what stands there, if anything, and puts what belongs there, if anything. */
function exchange(open: OpenStep): Conflict | null {
  const { folder, name, step } = open;
  const [incoming, aside] = [`${open.passing}.new`, `${open.passing}.old`];
  if (step.after !== null) make(open, incoming, step.after);
  if (step.before !== null) {
    folder.rename(name, aside);
    if (!isSame(look(open, aside), step.before)) {
      putBack(open);
      return conflict(step, "Somebody changed it while the undo ran.");
    }
  }
  const isPut = step.after === null || movedToFree(folder, incoming, name);
  if (!isPut) folder.remove(incoming);
  if (step.before !== null) folder.remove(aside);
  return isPut ? null : conflict(step, "Somebody made it anew while the undo ran.");
}

function make({ folder, ground }: OpenStep, name: string, entry: Entry): void {
  if (entry.kind === "file") folder.makeFile(name, ground.blobs.get(entry.hash), entry.mode);
  if (entry.kind === "sealed") ground.blobs.sealed.bringBack(entry.hash, { folder, name, mode: entry.mode });
  if (entry.kind === "link") folder.makeLink(name, entry.target);
}

/** What an earlier try left aside goes back to its name, unless that has been taken; then it was looked at already. */
function putBack({ folder, name, passing, step, ground }: OpenStep): void {
  const [incoming, aside] = [`${passing}.new`, `${passing}.old`];
  if (folder.look(incoming)) folder.remove(incoming);
  if (!folder.look(aside)) return;
  if (movedToFree(folder, aside, name)) return;
  if (isSame(look({ folder, passing, name, step, ground }, aside), step.before)) folder.remove(aside);
}

function movedToFree(folder: Folder, from: string, to: string): boolean {
  try {
    folder.moveToFree(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function look({ folder, step, ground }: OpenStep, name: string): Standing {
  return lookAt(folder, name, { path: step.path, blobs: ground.blobs, largestFileBytes: largestOf(step) }).standing;
}

/** What is larger than both is neither, and need not be read. */
export function largestOf({ before, after }: Operation): number {
  return Math.max(before?.kind === "file" ? before.size : 0, after?.kind === "file" ? after.size : 0);
}

function conflict({ path }: Operation, sentence: string): Conflict {
  return { path, sentence };
}
