import { existsSync } from "node:fs";
import { Folder, isOutOfReach } from "../folder.js";

/** Below git's refs: where the repository stood when a run began. Nobody's branch. */
const startRefs = ["refs", "pullcord", "start"] as const;
/** Whoever may read the repository may read this: git stops at a ref that it cannot read. */
const folderMode = 0o755;
const fileMode = 0o644;
const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Refs that lead to refs: git follows five (its `SYMREF_MAXDEPTH`). */
const mostSteps = 5;

/** The ref that remembers where a repository stood when a run began. */
export function startRefOf(runId: string): string {
  return [...startRefs, runId].join("/");
}

/**
 * Remembers where HEAD stands, unless it is remembered of this run already (E21): what it leads to stays in the repository
 * whatever the run makes of branches, reflogs and `git gc`. Starts no git, which would run what an agent's configuration names.
 */
export function markStart(root: string, runId: string): void {
  const git = openGit(root);
  if (!git) return;
  const inner: Folder[] = [];
  try {
    const commit = commitAt(git, "HEAD");
    if (commit === null) return;
    let folder = git;
    for (const name of startRefs) {
      if (!folder.look(name)) {
        folder.makeFolder(name);
        folder.setFolderMode(name, folderMode);
      }
      inner.push((folder = folder.folder(name)));
    }
    if (!folder.look(runId)) folder.makeFile(runId, Buffer.from(`${commit}\n`), fileMode);
  } finally {
    for (const each of [...inner, git]) each.close();
  }
}

/** Lets go of what was remembered before, in milliseconds since 1970. */
export function dropStarts(root: string, olderThan: number): void {
  const git = openGit(root);
  if (!git) return;
  try {
    within(git, startRefs, (starts) => {
      for (const name of starts.names()) {
        const stats = starts.look(name);
        if (stats?.isFile() && stats.mtimeMs < olderThan) starts.remove(name);
      }
    });
  } finally {
    git.close();
  }
}

/** Null where `.git` is no folder: no repository, or a linked worktree, whose refs are another folder's. */
function openGit(root: string): Folder | null {
  if (!existsSync(`${root}/.git`)) return null;
  try {
    return Folder.open(`${root}/.git`);
  } catch (error) {
    if (isOutOfReach(error)) return null;
    throw error;
  }
}

/** The commit that a ref leads to; null where it leads nowhere, or is not kept in files. */
function commitAt(git: Folder, ref: string): string | null {
  let name = ref;
  for (let step = 0; step < mostSteps; step += 1) {
    const text = looseRef(git, name) ?? packedRef(git, name);
    if (text === null) return null;
    if (!text.startsWith("ref: ")) return commitId.test(text) ? text : null;
    name = text.slice("ref: ".length);
  }
  return null;
}

function looseRef(git: Folder, ref: string): string | null {
  const names = ref.split("/");
  const last = names.pop() as string;
  return within(git, names, (folder) => textIn(folder, last)?.trim() ?? null);
}

function packedRef(git: Folder, ref: string): string | null {
  const line = textIn(git, "packed-refs")
    ?.split("\n")
    .find((each) => each.endsWith(` ${ref}`));
  return line?.slice(0, line.indexOf(" ")) ?? null;
}

function textIn(folder: Folder, name: string): string | null {
  const stats = folder.look(name);
  return stats?.isFile() ? folder.read(name, stats.size).content.toString("utf8") : null;
}

/** Works in a folder further down; null where there is none. */
function within<T>(folder: Folder, [name, ...rest]: readonly string[], work: (folder: Folder) => T): T | null {
  if (name === undefined) return work(folder);
  if (!folder.look(name)?.isDirectory()) return null;
  const inner = folder.folder(name);
  try {
    return within(inner, rest, work);
  } finally {
    inner.close();
  }
}
