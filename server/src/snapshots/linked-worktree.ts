import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Longest pointer from one of git's files to another, in bytes. */
const longestPointer = 4_096;
const stateFolder = /^(\/.*\/\.git)\/worktrees\/[^/]+$/;

/**
 * Where git keeps the state of a linked worktree (gitrepository-layout(5)): the worktree's own HEAD, index and logs, and the
 * branch it stands on. Not the other branches: those are of the other worktrees, which other runs may be working in.
 * @param root absolute and resolved @returns absolute paths; none for whatever is no linked worktree
 */
export function worktreeState(root: string): string[] {
  const own = pointerIn(join(root, ".git"), "gitdir: ");
  const repository = stateFolder.exec(own ?? "")?.[1];
  // An agent may have written that pointer: the folder has to point back here, as git itself demands.
  if (own === null || repository === undefined || pointerIn(join(own, "gitdir"), "") !== join(root, ".git")) return [];
  const branch = pointerIn(join(own, "HEAD"), "ref: ");
  const isBranch = branch?.startsWith("refs/heads/") === true && !branch.split("/").includes("..");
  return [own, ...(isBranch ? [join(repository, branch), join(repository, "logs", branch)] : [])];
}

/** What a file of one line says after its first word; null for whatever is none. */
function pointerIn(file: string, word: string): string | null {
  try {
    const stats = lstatSync(file);
    if (!stats.isFile() || stats.size > longestPointer) return null;
    const text = readFileSync(file, "utf8").trimEnd();
    return text.startsWith(word) ? text.slice(word.length) : null;
  } catch {
    return null;
  }
}
