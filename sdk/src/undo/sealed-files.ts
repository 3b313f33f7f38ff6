import { createHash, hash as digest } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  createReadStream,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createInflate } from "node:zlib";
import { hasHandlePaths, type Folder } from "./folder.js";
import { ownerOnlyFolder } from "./owner-only.js";

/** Of the two that git knows: the checksum at a file's end, which is of all before it. */
const checksums = [
  { algorithm: "sha1", bytes: 20 },
  { algorithm: "sha256", bytes: 32 },
] as const;
const longestChecksum = 32;
/** What is neither cloned nor linked (another file system) is copied up to this, in bytes: everything else waits meanwhile. */
const largestCopyBytes = 256 * 2 ** 20;
/** With these, whoever has the file acts as its owner, inode(7). */
const runsAsOwner = 0o6000;
const permissionBits = 0o7777;
/** The first byte of an object outside of packs: zlib's. Packs and indexes begin with letters. */
const zlibMark = 0x78;

/** A file to be held, right inside an open folder. */
export interface Sealing {
  readonly folder: Folder;
  readonly name: string;
  /** What it says it holds, where its name is the hash of that; else it has to end with the checksum of all before it. */
  readonly objectId: string | null;
  /** What copies may take on disk yet, in bytes. */
  readonly roomBytes: number;
}

/**
 * Large files of git's that nobody ever writes to again: packs, and what belongs to them. Each is held as a clone where the
 * file system has such (btrfs, XFS, APFS), else as a second name of the same file, which takes no room until git lets go of it,
 * else as a copy. What writes into the file all the same (`shred`) writes into a second name, too: before one is
 * brought back, it is read and has to have the checksum that it had when it was first seen.
 */
export class SealedFiles {
  readonly #folder: string;
  /** Files that were proved, with their stats at that time. */
  readonly #proved = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  has(hash: string): boolean {
    return this.#look(hash) !== undefined;
  }

  /** What only this folder still holds, in bytes; what has another name is somebody else's room. */
  get bytes(): number {
    const all = this.#names().map((name) => this.#look(name));
    return all.reduce((sum, stats) => sum + (stats?.nlink === 1 ? stats.size : 0), 0);
  }

  /** @returns the name that it has here: a hash of what it says of itself; null where it can't be held. @throws NodeJS.ErrnoException */
  hold({ folder, name, objectId, roomBytes }: Sealing): string | null {
    const handle = folder.handle(name);
    try {
      const stats = fstatSync(handle);
      if (!stats.isFile() || (stats.mode & runsAsOwner) !== 0) return null;
      const seal = objectId === null ? checksumSeal(endOf(handle, stats.size), stats.size) : objectSeal(objectId);
      const hash = digest("sha256", seal);
      if (this.has(hash)) return hash;
      mkdirSync(this.#folder, { recursive: true, mode: ownerOnlyFolder });
      const from = hasHandlePaths ? `/proc/self/fd/${handle}` : join(folder.path, name);
      const isHeld =
        this.#cloned(from, hash) ||
        this.#linked(folder, name, { hash, inode: stats.ino }) ||
        (stats.size <= Math.min(largestCopyBytes, roomBytes) && this.#copied(from, hash));
      return isHeld ? hash : null;
    } finally {
      closeSync(handle);
    }
  }

  /** Reads it through: whether it is what it was when it was first held. */
  async prove(hash: string): Promise<boolean> {
    if (this.isProved(hash)) return true;
    const before = this.#stamp(hash);
    if (before === null) return false;
    const seals = await sealsOf(join(this.#folder, hash)).catch(() => []);
    if (!seals.some((seal) => digest("sha256", seal) === hash)) return false;
    this.#proved.set(hash, before);
    return this.isProved(hash);
  }

  /** Whether it was proved, and stands as it did then. */
  isProved(hash: string): boolean {
    const stamp = this.#stamp(hash);
    return stamp !== null && stamp === this.#proved.get(hash);
  }

  /** Brings it back under a name that nobody has. @throws NodeJS.ErrnoException */
  bringBack(hash: string, { folder, name, mode }: { readonly folder: Folder; readonly name: string; readonly mode: number }): void {
    const held = join(this.#folder, hash);
    const isAsItWas = ((this.#look(hash)?.mode ?? 0) & permissionBits) === mode;
    if (isAsItWas && folder.takesLink(held, name)) return;
    folder.takeCopy(held, name, mode & ~runsAsOwner);
  }

  /** Removes what nothing refers to. */
  sweep(isNeeded: (hash: string) => boolean): void {
    for (const name of this.#names()) if (!isNeeded(name)) rmSync(join(this.#folder, name));
  }

  #names(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder) : [];
  }

  #cloned(from: string, hash: string): boolean {
    return this.#copied(from, hash, constants.COPYFILE_FICLONE_FORCE);
  }

  #linked(folder: Folder, name: string, { hash, inode }: { readonly hash: string; readonly inode: number }): boolean {
    const passing = join(this.#folder, `${hash}.new`);
    rmSync(passing, { force: true });
    if (!folder.givesLink(name, passing)) return false;
    // Another file may have taken its name since it was opened.
    const isSameFile = lstatSync(passing).ino === inode;
    if (isSameFile) renameSync(passing, join(this.#folder, hash));
    else rmSync(passing);
    return isSameFile;
  }

  #copied(from: string, hash: string, how = 0): boolean {
    const passing = join(this.#folder, `${hash}.new`);
    try {
      copyFileSync(from, passing, how);
      renameSync(passing, join(this.#folder, hash));
      return true;
    } catch {
      // No clones here, or the disk is full: it is said not to be kept.
      rmSync(passing, { force: true });
      return false;
    }
  }

  #look(hash: string) {
    return lstatSync(join(this.#folder, hash), { throwIfNoEntry: false });
  }

  #stamp(hash: string): string | null {
    const stats = this.#look(hash);
    return stats ? [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(" ") : null;
  }
}

function checksumSeal(end: Buffer, size: number): string {
  return `ends with ${end.toString("hex")} at ${size}`;
}

function objectSeal(id: string): string {
  return `is object ${id}`;
}

function endOf(handle: number, size: number): Buffer {
  const end = Buffer.alloc(Math.min(size, longestChecksum));
  return end.subarray(0, readSync(handle, end, 0, end.length, size - end.length));
}

/** What a file says of itself, as far as its content proves it. */
async function sealsOf(file: string): Promise<string[]> {
  const { size } = lstatSync(file);
  const [first] = await bytesOf(file, 0, 1);
  if (first === zlibMark) {
    const hashes = checksums.map(({ algorithm }) => createHash(algorithm));
    await pipeline(createReadStream(file), createInflate(), async (contents) => {
      for await (const part of contents) for (const each of hashes) each.update(part as Buffer);
    });
    return hashes.map((each) => objectSeal(each.digest("hex")));
  }
  const end = await bytesOf(file, size - longestChecksum, size);
  const proofs = checksums.map(async ({ algorithm, bytes }) => {
    const sum = createHash(algorithm);
    for await (const part of createReadStream(file, { end: size - bytes - 1 })) sum.update(part as Buffer);
    return sum.digest().equals(end.subarray(-bytes));
  });
  return (await Promise.all(proofs)).includes(true) ? [checksumSeal(end, size)] : [];
}

async function bytesOf(file: string, from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(file, { start: Math.max(0, from), end: to - 1 })) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
