import type { Stats } from "node:fs";
import { isLackOfSpace, type BlobStore } from "../blob-store.js";
import type { Standing } from "./entry.js";
import { isForbidden, type Folder } from "../folder.js";
import { isGitObject, looseObjectAt, sealedFromBytes } from "./git-objects.js";
import { meaningOfIndex } from "./git-index.js";

/** A file that changes while it is read is read again, so often. */
const mostReads = 3;
/** Of a repository, a linked worktree or a submodule. */
const isGitIndex = /(^|\/)\.git\/((worktrees|modules)\/[^/]+\/)?index$/;
const permissionBits = 0o7777;

/** Two looks with the same stamp saw the same thing: the times are exact to a fraction of a microsecond. */
export type Stamp = Pick<Stats, "size" | "mtimeMs" | "ctimeMs" | "ino" | "mode">;

/** What was looked at; no stamp where it did not stand still. */
export interface Seen {
  readonly standing: Standing;
  readonly stamp: Stamp | null;
  /** It changed at each try: how it stands was nowhere all at once. */
  readonly isMoving?: true;
}

export interface Looking {
  /** From the root of its workspace. */
  readonly path: string;
  readonly blobs: BlobStore;
  /** Of a larger file only its size and times are looked at, in bytes. */
  readonly largestFileBytes: number;
  /** Of what there is no room for, too; without, that is thrown. */
  readonly goesOn?: boolean | undefined;
  /** What a moment ago stood there, where that was asked for already. */
  readonly stats?: Stats | undefined;
}

/** Looks at one name in an open folder and keeps its content. @throws NodeJS.ErrnoException, PullcordError `snapshot_quota` */
export function lookAt(folder: Folder, name: string, { path, blobs, largestFileBytes, goesOn = false, stats: asked }: Looking): Seen {
  for (let reads = 1; ; reads += 1) {
    const stats = (reads === 1 ? asked : undefined) ?? folder.look(name);
    if (!stats) return { standing: null, stamp: null };
    try {
      const sealed = stats.isFile() && stats.size > sealedFromBytes ? sealedAt(folder, name, { path, blobs, stats }) : null;
      if (sealed) return { standing: sealed, stamp: stampOf(stats) };
      if (!stats.isFile() || stats.size > largestFileBytes) return { standing: withoutContent(folder, name, stats), stamp: stampOf(stats) };
      const read = folder.read(name, stats.size);
      // Its times after it was read: whatever happened to it since the first look, its name included, shows in them.
      const isStill = isSameStamp(read.stats, stats);
      if (!isStill && reads < mostReads) continue;
      const standing = goesOn ? fileThatFits(path, read, blobs) : fileOf(path, read, blobs);
      return isStill ? { standing, stamp: stampOf(stats) } : { standing, stamp: null, isMoving: true };
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      // Another kind of thing, or gone, since the look just before.
      const isGoneOrOther = ["ENOENT", "ELOOP", "ESTALE", "EINVAL", "EISDIR", "EAGAIN", "ENXIO"].includes(code);
      if (isGoneOrOther && reads < mostReads) continue;
      if (isGoneOrOther) return { standing: null, stamp: null, isMoving: true };
      if (!isForbidden(error)) throw error;
      return { standing: unkept(stats), stamp: stampOf(stats) };
    }
  }
}

/** Null for what is none of git's objects, or can't be held: then it is a file like others. */
function sealedAt(
  folder: Folder,
  name: string,
  { path, blobs, stats }: Pick<Looking, "path" | "blobs"> & { readonly stats: Stats },
): Standing {
  if (!isGitObject(path)) return null;
  const hash = blobs.sealed.hold({ folder, name, objectId: looseObjectAt(path), roomBytes: blobs.roomBytes });
  return hash === null ? null : { kind: "sealed", hash, mode: stats.mode & permissionBits, size: stats.size };
}

/** Looks at a folder, whose content is none of its own. */
export function folderSeen(stats: Stats): Seen {
  return { standing: { kind: "folder", mode: stats.mode & permissionBits }, stamp: stampOf(stats) };
}

function fileOf(path: string, { content, stats }: { readonly content: Buffer; readonly stats: Stats }, blobs: BlobStore): Standing {
  const meaning = isGitIndex.test(path) ? meaningOfIndex(content) : undefined;
  return {
    kind: "file",
    hash: blobs.put(content),
    mode: stats.mode & permissionBits,
    size: content.length,
    ...(meaning === undefined ? {} : { meaning }),
  };
}

/** What an action left is recognized by its size and times where there is no room for its content: only a redo would need that. */
function fileThatFits(path: string, read: ReturnType<Folder["read"]>, blobs: BlobStore): Standing {
  try {
    return fileOf(path, read, blobs);
  } catch (error) {
    if (!isLackOfSpace(error)) throw error;
    return unkept(read.stats);
  }
}

function withoutContent(folder: Folder, name: string, stats: Stats): Standing {
  if (stats.isDirectory()) return folderSeen(stats).standing;
  if (stats.isSymbolicLink()) return { kind: "link", target: folder.linkTarget(name) };
  if (stats.isFile()) return unkept(stats);
  return { kind: "special", what: stats.isFIFO() ? "pipe" : stats.isSocket() ? "socket" : "device" };
}

function unkept(stats: Stats): Standing {
  return { kind: "unkept", size: stats.size, changedMs: stats.mtimeMs };
}

function stampOf({ size, mtimeMs, ctimeMs, ino, mode }: Stats): Stamp {
  return { size, mtimeMs, ctimeMs, ino, mode };
}

export function isSameStamp(one: Stamp, other: Stamp): boolean {
  return (
    one.ctimeMs === other.ctimeMs &&
    one.mtimeMs === other.mtimeMs &&
    one.size === other.size &&
    one.ino === other.ino &&
    one.mode === other.mode
  );
}
