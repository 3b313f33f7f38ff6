import { lstatSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Longest pointer from one of git's files to another, in bytes. */
const longestPointer = 4_096;
/** A submodule's settings are read up to this, in bytes. */
const longestSettings = 65_536;
const stateFolder = /^(\/.*\/\.git)\/worktrees\/[^/]+$/;
const submoduleFolder = /\/\.git\/modules\/./;
const worktreeSetting = /^\s*worktree\s*=\s*(\S.*?)\s*$/m;

/**
 * Where git keeps the state of a folder that is a linked worktree or a submodule, and so has none inside (gitrepository-layout(5)).
 * @param root absolute and resolved @returns absolute paths; none for a repository of its own, or none at all
 */
export function gitStateElsewhere(root: string): string[] {
  const pointer = pointerIn(join(root, ".git"), "gitdir: ");
  if (pointer === null) return [];
  const own = resolve(root, pointer);
  return worktreeState(root, own) ?? submoduleState(root, own) ?? [];
}

/** The worktree's own HEAD, index and logs, and the branch it stands on. Not the other branches: those are of the other worktrees, which other runs may be working in. */
function worktreeState(root: string, own: string): string[] | null {
  const repository = stateFolder.exec(own)?.[1];
  // An agent may have written that pointer: the folder has to point back here, as git itself demands.
  if (repository === undefined || pointerIn(join(own, "gitdir"), "") !== join(root, ".git")) return null;
  const branch = pointerIn(join(own, "HEAD"), "ref: ");
  const isBranch = branch?.startsWith("refs/heads/") === true && !branch.split("/").includes("..");
  return [own, ...(isBranch ? [join(repository, branch), join(repository, "logs", branch)] : [])];
}

/** A submodule has all of its state to itself, objects included; its settings have to point back here. */
function submoduleState(root: string, own: string): string[] | null {
  if (!submoduleFolder.test(own)) return null;
  const pointsTo = worktreeSetting.exec(textIn(join(own, "config"), longestSettings) ?? "")?.[1];
  return pointsTo !== undefined && resolve(own, pointsTo) === root ? [own] : null;
}

/** What a file of one line says after its first word; null for whatever is none. */
function pointerIn(file: string, word: string): string | null {
  const text = textIn(file, longestPointer)?.trimEnd() ?? "";
  return text.startsWith(word) && text !== "" ? text.slice(word.length) : null;
}

/** Null for what is no file, larger, or not to be read. */
function textIn(file: string, longest: number): string | null {
  try {
    const stats = lstatSync(file);
    return stats.isFile() && stats.size <= longest ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}
