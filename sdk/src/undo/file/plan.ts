import type { BlobStore } from "../blob-store.js";
import { linesOf } from "../lines.js";
import { mergeLines } from "../merge.js";
import { shownText } from "../name-bytes.js";
import { Turns } from "../turns.js";
import { isFolder, isSame, isSameContent, modeOf, type Change, type FileEntry, type Standing } from "./entry.js";
import { fitting } from "./fitting.js";
import { isGitObject } from "./git-objects.js";
import { isGitState } from "./left-out.js";

/** Longer texts are not merged, in bytes: a change by both sides is then a conflict. */
const longestMergedBytes = 2 ** 20;

/** One path as undo finds it and as it will leave it. */
export interface PlannedChange extends Change {
  /** True where a person's own change to it is kept and the run's taken out. */
  readonly isMerged: boolean;
}

/** A path that undo leaves as it is, and why; of a configuration also a key, as `FILE/KEY`, while the rest goes back. */
export interface Conflict {
  readonly of?: "config";
  readonly path: string;
  readonly sentence: string;
}

/** What an undo of files would do, and what it would leave as it is. */
export interface Planned {
  readonly changes: readonly PlannedChange[];
  readonly conflicts: readonly Conflict[];
}

export interface PlanningFacts {
  /** How a path stands now. */
  readonly standing: (path: string) => Standing;
  /** What stands right in a folder now. */
  readonly namesIn: (folder: string) => readonly string[];
  /** What else stands there, or may, that no look sees. */
  readonly unseenIn: (folder: string) => string | null;
  /** Whatever comes back gets the folders above it made (a git commit knows none): that they are not there is nothing in its way. */
  readonly makesFolders: boolean;
  /** Why changes, once they are known, are not the server's to make; null of those that are. */
  readonly barred: (changes: readonly Change[]) => (change: Change) => string | null;
  /** Where else a content stands now. */
  readonly pathsOf: (hash: string) => readonly string[];
  readonly blobs: BlobStore;
  readonly mergeByKey: MergeByKey;
}

/** A text before, after, and as a person made it. */
interface Sides {
  /** As the run left it. */
  readonly base: string;
  readonly mine: string;
  /** As it was before the run. */
  readonly theirs: string;
}

/** A key that stays as a person made it, and why. */
interface KeyLeft {
  readonly keys: readonly string[];
  readonly sentence: string;
}

/** Merges files that have keys; undefined for others. Keys that are known to stay do. */
export type MergeByKey = (
  path: string,
  sides: Sides,
  staying: readonly (readonly string[])[],
) => { readonly text: string; readonly conflicts: readonly KeyLeft[] } | undefined;

/** What undo goes back to at a path, and why no further, if it is not all the way. */
interface Outcome {
  readonly standing: Standing;
  readonly isMerged: boolean;
  readonly keysLeft: readonly KeyLeft[];
  readonly sentence?: string;
}

/**
 * What it takes to take changes back, the last first (E26). A path that stands as its last change left it goes back;
 * one that somebody changed since is merged where that is clean, and else left alone and listed (threats, R27).
 */
export async function planUndo(changes: readonly Change[], facts: PlanningFacts): Promise<Planned> {
  const byPath = new Map<string, Change[]>();
  for (const change of changes) byPath.set(change.path, [...(byPath.get(change.path) ?? []), change]);
  const planned: PlannedChange[] = [];
  const conflicts: Conflict[] = [];
  const turns = new Turns();
  for (const [path, own] of byPath) {
    await turns.between();
    const now = facts.standing(path);
    const outcome = withoutPower(now, isGitObject(path) ? withObject(now, own, facts) : takeBack(path, own, { ...facts, now }));
    if (outcome.sentence !== undefined) {
      const newName = now === null ? newNameOf(own, byPath, facts) : null;
      conflicts.push({ path, sentence: newName === null ? outcome.sentence : renamedSentence(newName) });
    }
    for (const { keys, sentence } of outcome.keysLeft) conflicts.push({ of: "config", path: `${path}/${keys.join(".")}`, sentence });
    if (!isSame(now, outcome.standing)) planned.push({ path, before: now, after: outcome.standing, isMerged: outcome.isMerged });
  }
  return fitting(permitted({ changes: planned, conflicts }, facts), { ...facts, history: byPath });
}

function permitted({ changes, conflicts }: Planned, { barred }: PlanningFacts): Planned {
  const whyNot = barred(changes);
  const judged = changes.map((change) => ({ change, sentence: whyNot(change) }));
  const left = judged.flatMap(({ change: { path }, sentence }) => (sentence === null ? [] : [{ path, sentence }]));
  const isLeft = new Set(left.map(({ path }) => path));
  return {
    changes: changes.filter(({ path }) => !isLeft.has(path)),
    conflicts: [...conflicts.filter(({ path }) => !isLeft.has(path)), ...left],
  };
}

/**
 * The one place where what the run left here stands now, and the run did not put it there: a person has renamed it. Two files
 * may well say the same, so it is named and not followed.
 */
function newNameOf(changes: readonly Change[], byPath: ReadonlyMap<string, unknown>, { pathsOf }: PlanningFacts): string | null {
  const left = changes.at(-1)?.after;
  if (left?.kind !== "file" || left.size === 0) return null;
  const [only, ...more] = pathsOf(left.hash).filter((path) => !byPath.has(path));
  return only === undefined || more.length > 0 ? null : only;
}

/**
 * Git's objects are only missed: what stands there is the same whoever put it there, or belongs to what came since. They are
 * taken away only together with all of git's state (`fitting.ts`).
 */
function withObject(now: Standing, changes: readonly Change[], { blobs }: PlanningFacts): Outcome {
  const before = changes[0]?.before ?? null;
  const asItIs = { standing: now, isMerged: false, keysLeft: [] };
  if (now !== null) return isSame(now, changes.at(-1)?.after ?? null) && before === null ? { ...asItIs, standing: null } : asItIs;
  const cannot = whyLost(before);
  if (cannot !== null) return { ...asItIs, sentence: cannot };
  if (before?.kind === "sealed" && !blobs.sealed.isProved(before.hash)) return { ...asItIs, sentence: spoiltSentence };
  return { ...asItIs, standing: before };
}

/**
 * A file that runs as its owner (set-user-ID, set-group-ID) is not made again: whoever brings it back would own it, and
 * what an agent wrote would run with the server's rights.
 */
function withoutPower(now: Standing, outcome: Outcome): Outcome {
  const { standing } = outcome;
  if (standing?.kind !== "file" || (standing.mode & runsAsOwner) === 0 || isSame(now, standing)) return outcome;
  return {
    standing: now,
    isMerged: false,
    keysLeft: [],
    sentence: "It ran with the rights of its owner, which only a person can give back.",
  };
}

/** The bits of set-user-ID and set-group-ID, inode(7). */
const runsAsOwner = 0o6000;

interface Merging extends Pick<PlanningFacts, "blobs" | "mergeByKey"> {
  readonly now: Standing;
}

function takeBack(path: string, changes: readonly Change[], { now, ...merging }: Merging): Outcome {
  let standing = now;
  let isMerged = false;
  const keysLeft: KeyLeft[] = [];
  for (const change of changes.toReversed()) {
    if (isSame(standing, change.before)) continue;
    const cannot = whyLost(change.before);
    if (cannot !== null) return { standing, isMerged, keysLeft, sentence: cannot };
    // Where a key stays, what came before under it stays as well.
    const isWhole = keysLeft.length === 0 && isSame(standing, change.after);
    const merged = isWhole ? change.before : merge(path, { ...change, now: standing }, { ...merging, keysLeft });
    // No further than to what a person made: what came before stays under it.
    if (merged === undefined) return { standing, isMerged, keysLeft, sentence: conflictSentence(standing, change) };
    isMerged ||= !isWhole;
    standing = merged;
  }
  return { standing, isMerged, keysLeft };
}

interface MergingOne extends Omit<Merging, "now"> {
  /** Grows by the keys that stay. */
  readonly keysLeft: KeyLeft[];
}

/** Content and permission bits are two things: each is merged by itself. Undefined where a person has to. */
function merge(path: string, { now, before, after }: Change & { readonly now: Standing }, merging: MergingOne): Standing | undefined {
  const mode = modeOf(now) === modeOf(after) ? modeOf(before) : modeOf(now);
  if (isFolder(now) && isFolder(before) && isFolder(after)) return { kind: "folder", mode: mode ?? now.mode };
  if (now?.kind !== "file" || before?.kind !== "file" || after?.kind !== "file" || mode === null) return undefined;
  if (isSameContent(now, after) && merging.keysLeft.length === 0) return { ...before, mode };
  if (isSameContent(before, after)) return { ...now, mode };
  if (isGitState(path)) return undefined;
  const content = mergeContents(path, { now, before, after }, merging);
  return content && { kind: "file", hash: merging.blobs.put(content, { beyondQuota: true }), mode, size: content.length };
}

/** By key where the file has keys, else line by line. */
function mergeContents(
  path: string,
  contents: Record<"now" | "before" | "after", FileEntry>,
  { blobs, mergeByKey, keysLeft }: MergingOne,
): Buffer | undefined {
  const text = ({ hash, size }: FileEntry) => (size > longestMergedBytes ? undefined : textOf(blobs.get(hash)));
  const [base, mine, theirs] = [text(contents.after), text(contents.now), text(contents.before)];
  if (base === undefined || mine === undefined || theirs === undefined) return undefined;
  const staying = keysLeft.map(({ keys }) => keys);
  const byKey = mergeByKey(path, { base, mine, theirs }, staying);
  if (byKey) {
    keysLeft.push(...byKey.conflicts);
    return Buffer.from(byKey.text);
  }
  const merged = mergeLines({ base: linesOf(base), mine: linesOf(mine), theirs: linesOf(theirs) });
  return merged === null ? undefined : Buffer.from(merged.join(""));
}

/** The text of a content; undefined for what is no text. */
export function textOf(content: Buffer): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

export const spoiltSentence = "What was kept of it was written to since, so it can't be brought back.";
const renamedSentence = (path: string) => `Somebody renamed it since: what the run left here stands at ${shownText(path)}, as it is.`;

/** Why what stood there can't be brought back; null where it can. */
function whyLost(before: Standing): string | null {
  if (before?.kind === "unkept") return "It was too large to keep, or could not be read, so it cannot be brought back.";
  return before?.kind === "special" ? `It was a ${before.what}, which only the program that made it makes again.` : null;
}

function conflictSentence(now: Standing, { before, after }: Change): string {
  if (now === null) return "Somebody removed it since.";
  if (after === null) return "Somebody put something else in its place since.";
  if (before === null) return "The run made it, and somebody changed it since.";
  return "Somebody changed the same part since.";
}
