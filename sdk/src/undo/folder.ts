import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
  type Stats,
} from "node:fs";
import { PullcordError } from "../protocol/index.js";
import { isWellFormed, linkTargetOnDisk, namesOnDisk, onDisk } from "./name-bytes.js";
import { ownerOnlyFile, ownerOnlyFolder } from "./owner-only.js";

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK } = constants;
/** Linux's, on all its machines (open(2)); Node has no name for it. */
const O_PATH = 0o10000000;
/** Names below an open folder go through its handle here: the kernel walks no path again (Linux, proc(5)). */
export const hasHandlePaths = process.platform === "linux";

/**
 * An open folder. Everything done in it is done to names right inside it, through its handle and without following links,
 * so that nobody can swap a folder for a link to somewhere else in between (threats, R27; as openat(2) does).
 * Where the system has no paths through handles (macOS), the folder's real path stands in: a swap between a check and
 * its use is then possible for whoever may write to the folders above.
 */
export class Folder {
  readonly #handle: number;
  readonly #path: string;

  private constructor(handle: number, path: string) {
    this.#handle = handle;
    this.#path = hasHandlePaths ? `/proc/self/fd/${handle}` : path;
  }

  /** Opens an absolute path, folder by folder; a link anywhere in it is refused. @throws NodeJS.ErrnoException */
  static open(path: string): Folder {
    let folder = new Folder(openSync("/", O_RDONLY | O_DIRECTORY), "");
    for (const name of path.split("/").filter((part) => part !== "")) folder = folder.into(name);
    return folder;
  }

  /** The folder of this name inside; this one is closed. */
  into(name: string): Folder {
    try {
      return this.folder(name);
    } finally {
      this.close();
    }
  }

  folder(name: string): Folder {
    return new Folder(openSync(this.#at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW), `${this.#path}/${name}`);
  }

  /** Where this process, and a child as it starts, finds the folder as it was opened. */
  get path(): string {
    return this.#path;
  }

  close(): void {
    closeSync(this.#handle);
  }

  names(): string[] {
    return namesOnDisk(this.#path);
  }

  /** Undefined when nothing is there. */
  look(name: string): Stats | undefined {
    return lstatSync(this.#at(name), { throwIfNoEntry: false });
  }

  linkTarget(name: string): string {
    return linkTargetOnDisk(this.#at(name));
  }

  /**
   * A file's content, and its stats right after it was read.
   * @param size that it should have, in bytes: of one that has grown, one byte more is read @throws NodeJS.ErrnoException, also for a link
   */
  read(name: string, size: number): { readonly content: Buffer; readonly stats: Stats } {
    const handle = openSync(this.#at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const content = readWhole(handle, size);
      const stats = fstatSync(handle);
      if (!stats.isFile()) throw Object.assign(new Error(`${name} is no file any more`), { code: "ESTALE" });
      return { content, stats };
    } finally {
      closeSync(handle);
    }
  }

  /** An open handle of a file or folder, which the caller closes. @throws NodeJS.ErrnoException, also for a link */
  handle(name: string): number {
    return openSync(this.#at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  }

  /** Makes a file that is not there yet. */
  makeFile(name: string, content: Uint8Array, mode: number): void {
    const handle = openSync(this.#at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ownerOnlyFile);
    try {
      for (let at = 0; at < content.length;) at += writeSync(handle, content, at);
      fchmodSync(handle, mode);
    } finally {
      closeSync(handle);
    }
  }

  makeLink(name: string, target: string): void {
    symlinkSync(onDisk(target), this.#at(name));
  }

  makeFolder(name: string): void {
    mkdirSync(this.#at(name), ownerOnlyFolder);
  }

  /** Removes a folder that is empty. */
  removeFolder(name: string): void {
    rmdirSync(this.#at(name));
  }

  /** Also of a folder that its owner may not read: it is opened for its name alone. */
  setFolderMode(name: string, mode: number): void {
    if (!hasHandlePaths) return this.#setModeOfReadable(name, mode);
    const handle = openSync(this.#at(name), O_PATH | O_DIRECTORY | O_NOFOLLOW);
    try {
      chmodSync(`/proc/self/fd/${handle}`, mode);
    } finally {
      closeSync(handle);
    }
  }

  #setModeOfReadable(name: string, mode: number): void {
    const inner = this.folder(name);
    try {
      fchmodSync(inner.#handle, mode);
    } finally {
      inner.close();
    }
  }

  /** Gives a file or link another name, replacing whatever has it. */
  rename(name: string, to: string): void {
    renameSync(this.#at(name), this.#at(to));
  }

  /** Gives a file or link another name that nobody has. @throws `EEXIST` */
  moveToFree(name: string, to: string): void {
    try {
      linkSync(this.#at(name), this.#at(to));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EMLINK") throw error;
      // No second names on this file system: the look right before is all the protection there is.
      if (this.look(to)) throw Object.assign(new Error(`${to} exists`), { code: "EEXIST" });
      return renameSync(this.#at(name), this.#at(to));
    }
    unlinkSync(this.#at(name));
  }

  /** Gives a file here a second name elsewhere on the same file system. @returns false where it has no second names, or not for us */
  givesLink(name: string, elsewhere: string): boolean {
    return linked(this.#at(name), elsewhere);
  }

  /** Takes in a second name of a file elsewhere, under a name that nobody has. @returns as `givesLink` */
  takesLink(elsewhere: string, name: string): boolean {
    return linked(elsewhere, this.#at(name));
  }

  /** Takes in a copy of a file elsewhere, under a name that nobody has. */
  takeCopy(elsewhere: string, name: string, mode: number): void {
    copyFileSync(elsewhere, this.#at(name), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const handle = this.handle(name);
    try {
      fchmodSync(handle, mode);
    } finally {
      closeSync(handle);
    }
  }

  remove(name: string): void {
    unlinkSync(this.#at(name));
  }

  #at(name: string): string | Buffer {
    if (name === "" || name === "." || name === ".." || name.includes("/") || !isWellFormed(name)) {
      throw new PullcordError("invalid", "not_a_name", `${JSON.stringify(name)} is no name inside a folder.`);
    }
    return onDisk(`${this.#path}/${name}`);
  }
}

function linked(from: string | Buffer, to: string | Buffer): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!noSecondName.has(code)) throw error;
    return false;
  }
}

/** Other file systems; systems without second names; files that are not ours (`fs.protected_hardlinks`, proc(5)); too many already. */
const noSecondName: ReadonlySet<string> = new Set(["EXDEV", "EPERM", "EACCES", "ENOTSUP", "EMLINK"]);

/** Asks for one byte more than expected, so that a file that has grown is seen to, and once more only for what is missing. */
function readWhole(handle: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  do {
    const read = readSync(handle, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  } while (length < size);
  return buffer.subarray(0, length);
}

/** Whether a folder could not be opened because it is gone, is no folder any more, is too deep, or is not ours to read. */
export function isOutOfReach(error: unknown): boolean {
  return isForbidden(error) || ["ENOENT", "ENOTDIR", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "") || isTooDeep(error);
}

/** Folders in folders until no path is long enough to name what is in them. */
export function isTooDeep(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENAMETOOLONG";
}

export function isForbidden(error: unknown): boolean {
  return ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
}
