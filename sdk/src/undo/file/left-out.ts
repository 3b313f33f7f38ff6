import { isPassingInStore } from "./git-objects.js";

/** Folders that are made again by a build or an install. They are large, so no snapshot holds them; undo says so. */
const madeAgain = new Set([
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  ".tox",
  ".nox",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  ".gradle",
  ".next",
  ".nuxt",
  ".turbo",
  ".parcel-cache",
  ".terraform",
]);

/** Within `.git`: contents that are to be had elsewhere again. */
const leftToGit = "lfs";

/** Refs of our own, which remember where a repository stood (`git-start.ts`), and what git may log of them. */
const ownRefs = /(^|\/)\.git\/(logs\/)?refs$/;

/** Git's and our own traces of work in progress. */
const passing = /\.lock$/;

/** The beginning of every file that a restore puts beside another for a moment. */
export const restoreMark = ".pullcord-undo-";

/** What a person wants kept, or not, beyond what holds anyway; of git's state nothing. Paths are absolute. */
export interface KeepRules {
  isLeftOut(path: string): boolean;
  /** Though an install or a build makes it again. */
  isKeptToo(path: string): boolean;
  /** Larger files are seen to change but not kept, in bytes. */
  readonly largestFileBytes: number;
  /** Of one repository whose git keeps more objects outside of packs, none is kept. */
  readonly mostLooseObjects: number;
  /** Another text where they say something else. */
  readonly version: string;
}

export const usualRules: KeepRules = {
  isLeftOut: () => false,
  isKeptToo: () => false,
  largestFileBytes: 32 * 2 ** 20,
  // Git packs them by itself from 6,700 on (`gc.auto`).
  mostLooseObjects: 30_000,
  version: "",
};

/** Whether a name inside a folder is left out of every snapshot. `folder` is the folder's path, absolute or from the root. */
export function isLeftOut(folder: string, name: string, { rules, path }: { readonly rules: KeepRules; readonly path: string }): boolean {
  if (name.startsWith(restoreMark)) return true;
  if (isGitState(`${folder}/${name}`)) return isLeftToGit(folder, name);
  return rules.isLeftOut(path) || (madeAgain.has(name) && !rules.isKeptToo(path));
}

function isLeftToGit(folder: string, name: string): boolean {
  if (!isGitState(folder)) return false;
  if (name === "pullcord" && ownRefs.test(folder)) return true;
  if (passing.test(name) || isPassingInStore(folder, name)) return true;
  return name === leftToGit && /(^|\/)(\.git|\.git\/modules\/[^/]+)$/.test(folder);
}

/** Whether an absolute path, or any folder on the way to it, is left out. */
export function isLeftOutPath(path: string, rules: KeepRules): boolean {
  const names = path.split("/");
  const upTo = (count: number) => names.slice(0, count).join("/");
  return names.some((name, index) => name !== "" && isLeftOut(upTo(index), name, { rules, path: upTo(index + 1) }));
}

/** Whether a path is `.git` or below one: git's own state, which is restored as a whole or not at all. */
export function isGitState(path: string): boolean {
  return gitFolderOf(path) !== null;
}

/** The `.git` folder that a path belongs to, if any. */
export function gitFolderOf(path: string): string | null {
  return /^(?:.*?\/)?\.git(?=\/|$)/.exec(path)?.[0] ?? null;
}
