import type { Reading } from "../reading.js";
import { beginnings, shortened } from "./keys.js";
import { below, isPlainStep, splitPattern, type Places } from "./path-pattern.js";

/** Paths and path patterns as branches of three trees: from the root, the home folder, the run's folder. */

const roots = { root: "root", home: "~", workspace: "." } as const;
type From = keyof typeof roots;

/** Where a pattern hangs, and the key of every folder above it: deleting one of those deletes what it speaks of. */
export function keysOfPattern(pattern: string): { readonly key: string; readonly above: readonly string[] } {
  const { from, glob } = splitPattern(pattern);
  const steps = glob.split("/").slice(from === "root" ? 1 : 0);
  const open = steps.findIndex((step) => !isPlainStep(step));
  const fixed = open < 0 ? steps : steps.slice(0, open);
  const key = shortened(branch(from, fixed.join("/")), "/");
  return { key, above: [...beginnings(key, "/").map(deleted), anywhere(from)] };
}

/** What a path is found by: every folder it lies in, in all three trees. */
export function keysOfPath(path: string, places: Places): readonly string[] {
  const keys = beginnings(branch("root", path.slice(1)), "/");
  for (const from of ["home", "workspace"] as const) {
    const folder = places[from];
    // A folder that is unknown may be any: every pattern that starts from it can be about this path.
    if (folder === null) keys.push(anywhere(from));
    else {
      const rest = below(path, folder);
      if (rest !== null) keys.push(...beginnings(branch(from, rest === "." ? "" : rest), "/"));
    }
  }
  return keys;
}

/** What a deleted path is found by besides: all that hangs below it. */
export function keysOfDeleted(path: string, { home, workspace }: Places): readonly string[] {
  const keys = [deleted(shortened(branch("root", path.slice(1)), "/"))];
  for (const [from, folder] of [["home", home] as const, ["workspace", workspace] as const]) {
    if (folder === null) continue;
    const rest = below(path, folder);
    if (rest !== null && rest !== ".") keys.push(deleted(shortened(branch(from, rest), "/")));
    else if (below(folder, path) !== null) keys.push(anywhere(from));
  }
  return keys;
}

/** All that a reading says it touches. */
export function allPaths({ reads, writes, deletes }: Reading): readonly (string | null)[] {
  return [...reads, ...writes, ...deletes];
}

/** Upper case, as patterns that ignore case compare: what only looks alike this way is told apart by the pattern. */
function branch(from: From, rest: string): string {
  return rest === "" ? roots[from] : `${roots[from]}/${rest.toUpperCase()}`;
}

function deleted(key: string): string {
  return `deleted ${key}`;
}

function anywhere(from: From): string {
  return `anywhere ${roots[from]}`;
}
