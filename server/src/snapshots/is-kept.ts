import { existsSync, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isGitObject, isGitState, isLeftOutPath, type KeepRules } from "@pullcord/sdk/undo";

/** Most entries of a folder that are looked at before a decision; about 20 ms. A larger one is not promised. */
const mostEntries = 5_000;

/** Whether a snapshot will hold what stands at an absolute path; of a folder, all that no install or build makes again. */
export function isKept(path: string, rules: KeepRules): boolean {
  if (isLeftOutPath(path, rules) || isGitObject(path)) return false;
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    // Nothing there yet: what a write makes is removed again.
    if (!stats) return existsSync(dirname(path));
    if (stats.isDirectory()) return isFolderKept(path, rules);
    // What is written to a file with other names stands under those, too, wherever they are.
    return stats.isSymbolicLink() || (isFileKept(stats, rules) && stats.nlink === 1);
  } catch {
    return false;
  }
}

function isFolderKept(root: string, rules: KeepRules): boolean {
  const folders = [root];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = readdirSync(folder, { withFileTypes: true });
    seen += entries.length;
    if (seen > mostEntries) return false;
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isLeft = isLeftOutPath(path, rules);
      // Git's past is worth a question, though undo brings most of it back; what a person left out may not be made again.
      if (isGitObject(path) || (isLeft && (isGitState(path) || rules.isLeftOut(path)))) return false;
      if (entry.isDirectory() && !isLeft) folders.push(path);
      if (!entry.isDirectory() && !entry.isSymbolicLink() && !isLeft && !isFileKept(lstatSync(path), rules)) return false;
    }
  }
  return true;
}

function isFileKept(stats: { readonly size: number; isFile(): boolean }, { largestFileBytes }: KeepRules): boolean {
  return stats.isFile() && stats.size <= largestFileBytes;
}
