import { lstatSync, type Stats } from "node:fs";
import { join } from "node:path";
import { onDisk } from "../name-bytes.js";
import type { Standing } from "./entry.js";
import { isGitObject } from "./git-objects.js";
import type { Conflict, PlannedChange } from "./plan.js";

/** What is known of a workspace. */
interface Known {
  /** Absolute and resolved. */
  readonly root: string;
  /** How a path stood at the last look. */
  readonly standing: (path: string) => Standing;
  /** Where a content stood at the last look. */
  readonly pathsOf: (hash: string) => readonly string[];
}

/**
 * How many other names (hard links) the file at a path has where nobody looks. What is written under one stands under all, and
 * an undo puts a file of its own under those that it knows. Git's objects, which local clones share, are never written to.
 */
export function otherNamesOf(path: string, { root, standing, pathsOf }: Known): number {
  const stats = isGitObject(path) ? undefined : fileStats(join(root, path));
  if (!stats || stats.nlink < 2) return 0;
  const known = standing(path);
  // What is not kept is named as such.
  if (known?.kind !== "file") return 0;
  const here = pathsOf(known.hash).filter((other) => other !== path && isSameFile(fileStats(join(root, other)), stats));
  return stats.nlink - 1 - here.length;
}

/** What stays under other names of the files that go back, told with the path that does go back. */
export function stayingElsewhere(changes: readonly PlannedChange[], known: Known): Conflict[] {
  // Found by the run as it is, and only moved: nothing was written to it.
  const found = new Set(changes.flatMap(({ after }) => keyOf(after) ?? []));
  return changes.flatMap(({ path, before }) => {
    const isWritten = before !== null && !found.has(keyOf(before) ?? "");
    const count = isWritten ? otherNamesOf(path, known) : 0;
    return count === 0 ? [] : [{ path, sentence: sentenceFor(count) }];
  });
}

function sentenceFor(count: number): string {
  const names = count === 1 ? "another name" : `${count} other names`;
  return `The same file has ${names} elsewhere (hard links), where it stays as it is now: an undo changes it here alone.`;
}

function keyOf(standing: Standing): string | null {
  return standing?.kind === "file" ? `${standing.hash} ${standing.mode}` : null;
}

/** Undefined of what is no file, or can't be looked at. */
function fileStats(path: string): Stats | undefined {
  try {
    const stats = lstatSync(onDisk(path), { throwIfNoEntry: false });
    return stats?.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

function isSameFile(one: Stats | undefined, other: Stats): boolean {
  return one?.ino === other.ino && one.dev === other.dev;
}
