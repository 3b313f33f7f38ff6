import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** Largest file that is looked into, in bytes. */
const sizeLimit = 16 * 1024 * 1024;

/** A file's text; null when it is no ordinary file, too large or not there. Never waits on a pipe. */
export function readBounded(path: string): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    return stats.isFile() && stats.size <= sizeLimit ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}
