import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import type { BigIntStats } from "node:fs";
import { dirname } from "node:path";
import { type IndexEntry, type IndexFiles, parseIndex } from "./git-index.js";

/** How long an index is believed before it is looked at again, in milliseconds. */
const believedMs = 2_000;
/** Largest index that is read, in bytes. */
const indexLimit = 24 * 1024 * 1024;
/** Largest file that is compared by its content, in bytes. */
const contentLimit = 1024 * 1024;
/** Most content that is compared between two looks at the index, in bytes. */
const contentBudget = 8 * 1024 * 1024;

/**
 * Which files git has just as they are. Reads `.git/index` itself and starts no program: git would run what the
 * configuration, the attributes and the hooks of an agent's folder name.
 *
 * A file counts when the index knows it with the same content: whether that is committed or only staged, git keeps it.
 * A folder that is itself shaped like a repository, and a `.git` that is a link or a file, are not looked at.
 */
export class GitState {
  private lookedAt: number | null = null;
  private repository: Repository | null = null;
  private budget = contentBudget;

  constructor(private readonly workspace: string) {}

  /** Whether git has this resolved path unchanged; null when that is not known. */
  isCommitted(path: string): boolean | null {
    if (!path.startsWith(`${this.workspace}/`)) return null;
    this.look();
    if (!this.repository) return null;
    const { top, files, stats } = this.repository;
    const entry = files.find(path.slice(top === "/" ? 1 : top.length + 1));
    return entry === null ? false : this.isUnchanged(path, entry, stats);
  }

  private look(): void {
    const now = performance.now();
    if (this.lookedAt !== null && now - this.lookedAt < believedMs) return;
    this.repository = findRepository(this.workspace, this.repository);
    this.budget = contentBudget;
    this.lookedAt = performance.now();
  }

  private isUnchanged(path: string, entry: IndexEntry, index: BigIntStats): boolean | null {
    const seen = statOrNull(path);
    if (!seen?.isFile() || Number(seen.size % 2n ** 32n) !== entry.size) return false;
    // A file as young as the index may have changed after it was written ("racy git").
    if (seen.mtimeNs === entry.mtimeNs && seen.ctimeNs === entry.ctimeNs && seen.mtimeNs < index.mtimeNs) return true;
    if (seen.size > this.budget) return null;
    this.budget -= Number(seen.size);
    const content = readRegular(path, contentLimit)?.content;
    return content === undefined ? null : blobOf(content) === entry.blob;
  }
}

interface Repository {
  /** The folder that holds `.git`. */
  readonly top: string;
  readonly files: IndexFiles;
  /** Of the index, to see whether it is still the same. */
  readonly stats: BigIntStats;
}

/** The repository that the folder is in: the nearest folder above with a `.git`. */
function findRepository(workspace: string, known: Repository | null): Repository | null {
  let top = workspace;
  let git = statOrNull(`${top}/.git`);
  while (git === null && top !== "/") {
    top = dirname(top);
    git = statOrNull(`${top === "/" ? "" : top}/.git`);
  }
  if (!git?.isDirectory()) return null;
  const path = `${top === "/" ? "" : top}/.git/index`;
  const stats = statOrNull(path);
  if (stats === null) return null;
  if (known?.top === top && isSame(known.stats, stats)) return known;
  const read = readRegular(path, indexLimit);
  const files = read && parseIndex(read.content);
  return files ? { top, files, stats: read.stats } : null;
}

function isSame(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.size === other.size && one.mtimeNs === other.mtimeNs && one.ctimeNs === other.ctimeNs;
}

function statOrNull(path: string): BigIntStats | null {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** A regular file of bounded size: no link is followed, and no pipe or device waited for. */
function readRegular(path: string, limit: number): { readonly content: Buffer; readonly stats: BigIntStats } | null {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(file, { bigint: true });
    if (!stats.isFile() || stats.size > BigInt(limit)) return null;
    const content = Buffer.alloc(Number(stats.size));
    let filled = 0;
    while (filled < content.length) {
      const more = readSync(file, content, filled, content.length - filled, filled);
      if (more === 0) return null;
      filled += more;
    }
    return { content, stats };
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** The name of a content among git's objects. */
function blobOf(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}
