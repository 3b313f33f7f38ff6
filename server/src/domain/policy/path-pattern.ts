import picomatch from "picomatch";
import { starGlob } from "./star-glob.js";

/** The folders that patterns can start from; null where unknown. */
export interface Places {
  readonly workspace: string | null;
  readonly home: string | null;
}

/** A pattern over resolved paths, compiled once. */
export interface PathPattern {
  readonly pattern: string;
  matches(path: string, places: Places): boolean;
  /** True of a cautious pattern when what it protects can lie below `folder`: deleting the folder deletes it too. */
  isBelow(folder: string, places: Places): boolean;
}

/**
 * Compiles a glob: absolute (`/etc/**`), from the home folder (`~/.ssh/**`) or from the run's folder (`infra/**`).
 * A `cautious` one, for rules that ask or deny, ignores case (some disks do) and, where the folder it starts from is
 * unknown, matches below any folder; the other kind then matches nothing.
 */
export function pathPattern(pattern: string, { cautious }: { readonly cautious: boolean }): PathPattern {
  const { from, glob } = splitPattern(pattern);
  const fits = plainFolder(glob, cautious) ?? compiledLate(glob, cautious);
  const fitsAnywhere = compiledLate(`/**/${glob}`, cautious);
  const base = picomatch.scan(glob).base;
  return {
    pattern,
    matches(path, places) {
      if (from === "root") return fits(path);
      const folder = places[from];
      if (folder === null) return cautious && fitsAnywhere(path);
      const rest = below(path, folder);
      return rest !== null && fits(rest);
    },
    isBelow(folder, places) {
      const start = from === "root" ? "" : places[from];
      if (!cautious || start === null || base === "") return false;
      return below(from === "root" ? base : `${start}/${base}`, folder) !== null;
    },
  };
}

type Fits = (path: string) => boolean;

/** Most patterns are a folder and all below it, `infra/**`, or one file: comparing texts is many times faster than a glob. */
function plainFolder(glob: string, cautious: boolean): Fits | null {
  const isFolder = glob.endsWith("/**");
  const written = isFolder ? glob.slice(0, -"/**".length) : glob;
  if (!written.replace(/^\//, "").split("/").every(isPlainStep)) return null;
  const fold = (text: string) => (cautious ? text.toUpperCase() : text);
  const folder = fold(written);
  const start = `${folder}/`;
  return (path) => {
    const folded = fold(path);
    return folded === folder || (isFolder && folded.startsWith(start));
  };
}

/** Nothing in such a step of a pattern stands for anything else. */
export function isPlainStep(step: string): boolean {
  return step !== "." && step !== ".." && plainStep.test(step);
}

const plainStep = /^[\p{L}\p{N} _.%=:~-]+$/u;

/** Thousands of globs are read in no time; each is compiled when it is first needed. */
function compiledLate(glob: string, cautious: boolean): Fits {
  const fold = (text: string) => (cautious ? text.toUpperCase() : text);
  // In capitals a letter may be two (`ß`), which is one for `?`.
  const mayFit = (cautious && glob.includes("?") ? null : starGlob(fold(glob))) ?? (() => true);
  let fits: Fits | null = null;
  // `s`: a line break in a name hides nothing.
  return (path) => mayFit(fold(path)) && (fits ??= picomatch(glob, { ...globOptions, flags: cautious ? "is" : "s" }))(path);
}

/** True for a text that `pathPattern` takes: a whole glob, which stays below where it starts, and is no negation. */
export function isPathPattern(pattern: string): boolean {
  const { glob } = splitPattern(pattern);
  if (glob === "" || glob.startsWith("!") || glob.split("/").includes("..")) return false;
  try {
    picomatch(glob, globOptions);
    return true;
  } catch {
    return false;
  }
}

/** A broken glob throws: one that quietly matches nothing would deny nothing. */
const globOptions = { dot: true, strictBrackets: true, debug: true } as const;

/** What a pattern starts from, and the glob from there on. */
export function splitPattern(pattern: string): { readonly from: "root" | "home" | "workspace"; readonly glob: string } {
  if (pattern.startsWith("/")) return { from: "root", glob: pattern };
  if (pattern.startsWith("~/")) return { from: "home", glob: pattern.slice(2) };
  return { from: "workspace", glob: pattern.replace(/^\.\//, "") };
}

/** What is left of `path` below `folder`; "." for the folder itself, null when it lies elsewhere. */
export function below(path: string, folder: string): string | null {
  if (path === folder) return ".";
  const start = folder.endsWith("/") ? folder : `${folder}/`;
  return path.startsWith(start) ? path.slice(start.length) : null;
}
