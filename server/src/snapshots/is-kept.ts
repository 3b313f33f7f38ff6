import { existsSync, lstatSync } from "node:fs";
import { dirname } from "node:path";
import { isLeftOutPath, largestFileBytes } from "@pullcord/sdk/undo";

/** Whether a snapshot will hold what stands at an absolute path; of a folder, all that no install or build makes again. */
export function isKept(path: string): boolean {
  if (isLeftOutPath(path)) return false;
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    // Nothing there yet: what a write makes is removed again.
    if (!stats) return existsSync(dirname(path));
    return stats.isDirectory() || stats.isSymbolicLink() || (stats.isFile() && stats.size <= largestFileBytes);
  } catch {
    return false;
  }
}
