import { accessSync, constants, lstatSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { onDisk } from "../name-bytes.js";
import { isFolder, type Change } from "./entry.js";

const { R_OK, W_OK, X_OK } = constants;
/** What a change of permissions does not help against: a file that the system keeps as it is, a disk that is only read. */
const beyondModes = ["EPERM", "EROFS"];

/**
 * Tells, ahead of an undo, which changes below a root are not the server's to make: in a folder of another account (what a
 * container left), on a disk that can only be read, to a file that is immutable. Left alone, they keep nobody from undoing the rest.
 */
export function barredBelow(root: string, changes: readonly Change[]): (change: Change) => string | null {
  const opened = new Set(changes.filter(({ before, after }) => isFolder(before) && isFolder(after)).map(({ path }) => path));
  const real = (path: string) => (path === "." ? root : join(root, path));
  const known = new Map<string, string | null>();
  const folderBarred = (folder: string): string | null => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    // What is no folder, or not there, becomes one: that is up to the folder above.
    const isThere = stats(real(folder))?.isDirectory() === true;
    const code = isThere ? refused(real(folder), R_OK | W_OK | X_OK) : null;
    const above = isThere || folder === "." ? null : folderBarred(dirname(folder));
    // A folder that is opened up first is only barred where even its owner may not.
    const isBarred = code !== null && (beyondModes.includes(code) || (code === "EACCES" && !(opened.has(folder) && isOwn(real(folder)))));
    const why = isBarred ? sentence(code) : above;
    known.set(folder, why);
    return why;
  };
  return ({ path, before, after }) => {
    if (before?.kind === "file" || before?.kind === "folder") {
      const code = refused(real(path), W_OK);
      if (code !== null && beyondModes.includes(code)) return sentence(code);
    }
    if (isFolder(before) && isFolder(after)) return isOwn(real(path)) ? null : sentence("EACCES");
    return folderBarred(dirname(path));
  };
}

function refused(path: string, mode: number): string | null {
  try {
    accessSync(onDisk(path), mode);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "";
  }
}

/** Whether the server's account may set its permissions. */
function isOwn(path: string): boolean {
  const account = process.geteuid?.();
  return account === undefined || account === 0 || (stats(path)?.uid ?? account) === account;
}

/** Undefined also of what stands in a folder that is still closed. */
function stats(path: string): Stats | undefined {
  try {
    return lstatSync(onDisk(path));
  } catch {
    return undefined;
  }
}

function sentence(code: string): string {
  if (code === "EROFS") return "It is on a disk that can only be read, so it stays.";
  if (code === "EPERM") return "The system lets nobody change it (chattr, lsattr), so it stays.";
  return "It, or the folder it is in, belongs to another account than the server's, or is closed to it, so it stays.";
}
