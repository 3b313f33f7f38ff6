import type { PathChange } from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { unifiedDiff } from "../unified-diff.js";
import { modeOf, type Change, type Standing } from "./entry.js";
import { textOf } from "./plan.js";

/** Longer files are shown without their lines, in bytes. */
const longestShownBytes = 256 * 1024;
/** Longest diff shown, in characters. */
const longestDiff = 64 * 1024;

/** A change in words and as a diff. */
export function describeChange({ path, before, after }: Change, blobs: BlobStore): Omit<PathChange, "actionIds"> {
  const kind = before === null ? "added" : after === null ? "removed" : "changed";
  return { of: "file", path, kind, sentence: sentenceFor(before, after), diff: diffOf(before, after, blobs), runs: [] };
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
    case "file":
      return `file of ${standing.size} bytes${(standing.mode & 0o111) === 0 ? "" : ", executable"}`;
    case "link":
      return `link to ${standing.target}`;
    case "folder":
      return "folder";
    case "unkept":
      return `file of ${standing.size} bytes whose content is not kept`;
    default:
      return "nothing";
  }
}

function octal(standing: Standing): string {
  return (modeOf(standing) ?? 0).toString(8).padStart(4, "0");
}

function diffOf(before: Standing, after: Standing, blobs: BlobStore): string | null {
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
