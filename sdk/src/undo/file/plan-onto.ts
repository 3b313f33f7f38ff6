import { invisibleClass } from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { onDisk, shownText } from "../name-bytes.js";
import type { Change, Entry, Standing } from "./entry.js";
import { planUndo, type Conflict, type PlanningFacts } from "./plan.js";

/** A file or link as a git commit holds it. */
export interface CommittedFile {
  readonly mode: "100644" | "100755" | "120000";
  readonly content: Buffer;
}

/** What changes make of a commit. */
export interface Onto {
  /** What the new commit has otherwise, by path; null takes a path away. */
  readonly files: ReadonlyMap<string, CommittedFile | null>;
  /** What can't be told from a person's own change, or was not kept. */
  readonly left: readonly Conflict[];
}

type OntoFacts = Pick<PlanningFacts, "blobs" | "mergeByKey">;

const permissions = { "100644": 0o644, "100755": 0o755 } as const;
const ownersExecute = 0o100;

/** Paths of changes that a commit can hold: all but git's own state and folders, of which git knows nothing. */
export function committablePaths(changes: readonly Change[]): Set<string> {
  const known = changes.filter(
    ({ path, before, after }) => !isGitsOwn(path) && !isUnnamable(path) && (asGitKnows(before) ?? asGitKnows(after)) !== null,
  );
  return new Set(known.map(({ path }) => path));
}

/**
 * What changes, oldest first, make of a commit that has `files` at their paths (E20): the way of an undo, walked forwards.
 * What a person had changed before or in between, and did not commit, stays out: merged line by line where that is clean,
 * and else the path is left out and listed.
 */
export async function planOnto(changes: readonly Change[], files: ReadonlyMap<string, CommittedFile>, facts: OntoFacts): Promise<Onto> {
  const { blobs } = facts;
  const paths = committablePaths(changes);
  const unnamable = new Set(changes.flatMap(({ path }) => (isUnnamable(path) ? [path] : [])));
  const forwards = changes
    .filter(({ path }) => paths.has(path))
    .map(({ path, before, after }) => ({ path, before: asGitKnows(after), after: asGitKnows(before) }))
    .toReversed();
  const committed = new Map([...files].map(([path, file]) => [path, standingOf(file, blobs)]));
  const standing = (path: string) => committed.get(path) ?? null;
  const nothing = { namesIn: () => [], unseenIn: () => null, makesFolders: true, barred: () => () => null, pathsOf: () => [] };
  const { changes: planned, conflicts } = await planUndo(forwards, { ...facts, ...nothing, standing });
  const isLeft = new Set(conflicts.map(({ path }) => path));
  const made = planned.filter(({ path }) => !isLeft.has(path));
  return {
    files: new Map(made.map(({ path, after }) => [path, fileOf(after, blobs)])),
    left: [
      ...conflicts.map(({ path, ...rest }) => ({
        ...rest,
        path,
        sentence: sentenceFor(forwards.find((change) => change.path === path)?.before),
      })),
      ...[...unnamable].map((path) => ({ path: shownText(path), sentence: "Its name is no text (UTF-8)." })),
    ],
  };
}

function isUnnamable(path: string): boolean {
  return typeof onDisk(path) !== "string";
}

/**
 * Whether some file system takes a name on the way for `.git`: without regard to case, what is unseen, and dots at the end
 * (git's `core.protectHFS`, `core.protectNTFS`). A commit with such a path would change the repository of whoever checks it out.
 */
function isGitsOwn(path: string): boolean {
  return path.split("/").some((name) => gitsNames.test(name.replaceAll(unseen, "").replace(/[. ]+$/, "")));
}

const gitsNames = /^(\.git|git~\d+)$/i;
const unseen = new RegExp(`[${invisibleClass}]`, "gv");

function sentenceFor(after: Standing | undefined): string {
  if (after?.kind === "unkept") return "It is too large to keep, or could not be read.";
  return "The run changed what somebody had changed and not committed, so the two can't be told apart.";
}

/** Null for a folder: git makes one for each file in it; and for what is no file. Of permissions, git knows one bit. */
function asGitKnows(standing: Standing): Standing {
  if (standing?.kind === "folder" || standing?.kind === "special") return null;
  if (standing?.kind !== "file") return standing;
  return { ...standing, mode: permissions[gitMode(standing)] };
}

function gitMode({ mode }: Extract<Entry, { kind: "file" }>): keyof typeof permissions {
  return (mode & ownersExecute) === 0 ? "100644" : "100755";
}

function standingOf({ mode, content }: CommittedFile, blobs: BlobStore): Entry {
  if (mode === "120000") return { kind: "link", target: content.toString("utf8") };
  return { kind: "file", hash: blobs.put(content), mode: permissions[mode], size: content.length };
}

function fileOf(standing: Standing, blobs: BlobStore): CommittedFile | null {
  if (standing?.kind === "link") return { mode: "120000", content: Buffer.from(standing.target) };
  return standing?.kind === "file" ? { mode: gitMode(standing), content: blobs.get(standing.hash) } : null;
}
