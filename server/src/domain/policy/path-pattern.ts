import picomatch from "picomatch";

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
  const { from, glob } = split(pattern);
  const options = { ...globOptions, nocase: cautious };
  const fits = picomatch(glob, options);
  const fitsAnywhere = picomatch(`/**/${glob}`, options);
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

/** True for a text that `pathPattern` takes: a whole glob, which stays below where it starts, and is no negation. */
export function isPathPattern(pattern: string): boolean {
  const { glob } = split(pattern);
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

function split(pattern: string): { from: "root" | "home" | "workspace"; glob: string } {
  if (pattern.startsWith("/")) return { from: "root", glob: pattern };
  if (pattern.startsWith("~/")) return { from: "home", glob: pattern.slice(2) };
  return { from: "workspace", glob: pattern.replace(/^\.\//, "") };
}

/** What is left of `path` below `folder`; "." for the folder itself, null when it lies elsewhere. */
function below(path: string, folder: string): string | null {
  if (path === folder) return ".";
  const start = folder.endsWith("/") ? folder : `${folder}/`;
  return path.startsWith(start) ? path.slice(start.length) : null;
}
