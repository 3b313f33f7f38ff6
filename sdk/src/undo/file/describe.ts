import type { PathChange } from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { Turns } from "../turns.js";
import { unifiedDiff } from "../unified-diff.js";
import { isFolder, modeOf, type Change, type Standing } from "./entry.js";
import { storeOwnerOf } from "./git-objects.js";
import { textOf } from "./plan.js";

/** Longer files are shown without their lines, in bytes. */
const longestShownBytes = 256 * 1024;
/** Longest diff shown, in characters. */
const longestDiff = 64 * 1024;
/** Most files of one answer whose lines are shown. */
const mostFilesShown = 1_000;
/** Most that is read to show the lines of one answer, in bytes. */
const mostBytesShown = 32 * 2 ** 20;

/** A change in words. */
export type Described = Omit<PathChange, "actionIds">;

/**
 * Changes in words, the first of them with their lines. Others have their turns meanwhile: an agent may have changed
 * whatever it likes, and nobody's stop waits until all of it is compared.
 */
export async function describeChanges(changes: readonly Change[], blobs: BlobStore): Promise<Described[]> {
  const turns = new Turns();
  const described: Described[] = [];
  let bytes = 0;
  for (const change of changes) {
    bytes += sizeOf(change.before) + sizeOf(change.after);
    const isShown = described.length < mostFilesShown && bytes <= mostBytesShown;
    described.push(describeChange(change, isShown ? diffOf(change, blobs) : null));
    await turns.between();
  }
  return described;
}

function describeChange({ path, before, after }: Change, diff: string | null): Described {
  const kind = before === null ? "added" : after === null ? "removed" : "changed";
  return { of: "file", path, kind, sentence: sentenceFor(before, after), diff, runs: [] };
}

/** Of what is read to show it, in bytes. */
function sizeOf(standing: Standing): number {
  return standing?.kind === "file" && standing.size <= longestShownBytes ? standing.size : 0;
}

/** A path as a person is told it: of git's objects their folder, since their names say nothing to anybody. */
export function toldPath(path: string): string {
  const owner = storeOwnerOf(path);
  return owner === null ? path : `${owner}/objects`;
}

/** Changes of git's objects in one store, told by their number. */
export function describeObjects(path: string, changes: readonly Change[]): Described {
  const objects = changes.filter(({ before, after }) => !isFolder(before ?? after));
  const kind = objects.every(({ before }) => before === null) ? "added" : "removed";
  const bytes = objects.reduce((sum, { before, after }) => sum + bytesOf(before ?? after), 0);
  const sentence = `${objects.length === 1 ? "1 file" : `${objects.length} files`} of git's objects, ${bytes} bytes`;
  return { of: "file", path, kind, sentence, diff: null, runs: [] };
}

function bytesOf(standing: Standing): number {
  return standing !== null && "size" in standing ? standing.size : 0;
}

function sentenceFor(before: Standing, after: Standing): string {
  if (before === null) return words(after);
  if (after === null) return words(before);
  if (before.kind !== after.kind) return `${words(before)} becomes ${words(after)}`;
  const modes = modeOf(before) === modeOf(after) ? [] : [`mode ${octal(before)} becomes ${octal(after)}`];
  if (before.kind === "link" && after.kind === "link") return `link to ${before.target} becomes link to ${after.target}`;
  const isOther = before.kind === "file" && after.kind === "file" && before.hash !== after.hash;
  return [...(isOther ? [sizes(before.size, after.size)] : []), ...modes].join(", ") || words(after);
}

function sizes(before: number, after: number): string {
  return before === after ? `still ${after} bytes` : `${before} becomes ${after} bytes`;
}

function words(standing: Standing): string {
  switch (standing?.kind) {
    case "sealed":
      return `file of ${standing.size} bytes`;
    case "file":
      return `file of ${standing.size} bytes${(standing.mode & 0o111) === 0 ? "" : ", executable"}`;
    case "link":
      return `link to ${standing.target}`;
    case "folder":
      return "folder";
    case "special":
      return standing.what;
    case "unkept":
      return `file of ${standing.size} bytes whose content is not kept`;
    default:
      return "nothing";
  }
}

function octal(standing: Standing): string {
  return (modeOf(standing) ?? 0).toString(8).padStart(4, "0");
}

function diffOf({ before, after }: Change, blobs: BlobStore): string | null {
  const [old, now] = [shownText(before, blobs), shownText(after, blobs)];
  if (old === null || now === null) return null;
  const diff = unifiedDiff(old, now);
  return diff === "" || diff.length > longestDiff ? null : diff;
}

function shownText(standing: Standing, blobs: BlobStore): string | null {
  if (standing === null) return "";
  if (standing.kind !== "file" || standing.size > longestShownBytes) return null;
  try {
    return textOf(blobs.get(standing.hash)) ?? null;
  } catch {
    // The plan says what is lost; a diff only shows.
    return null;
  }
}
