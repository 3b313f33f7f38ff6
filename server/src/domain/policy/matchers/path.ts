import type { Reading } from "../../reading.js";
import type { Dimension } from "../keys.js";
import { allPaths, keysOfPattern, keysOfPath, keysOfDeleted } from "../path-keys.js";
import { pathPattern, type PathPattern, type Places } from "../path-pattern.js";
import type { Fit } from "../subject.js";
import { listOf } from "../values.js";
import type { Matcher } from "./matcher.js";

/** Paths that the action reads, writes or deletes. */
export const path: Matcher<string> = (patterns, effect) => {
  const compiled = patterns.map((pattern) => pathPattern(pattern, { cautious: effect !== "allow" }));
  return (subject) => pathFits(compiled, subject.reading, subject).map(({ fit }) => fit);
};

/** How each path of a reading fits any of the patterns; deleting a folder deletes what lies below it. */
export function pathFits(
  patterns: readonly PathPattern[],
  { reads, writes, deletes }: Reading,
  places: Places,
): readonly { readonly path: string | null; readonly fit: Fit }[] {
  const touched = [...reads, ...writes].map((one) => ({
    path: one,
    fit: fitOf(one, (known) => patterns.some((pattern) => pattern.matches(known, places))),
  }));
  const deleted = deletes.map((one) => ({
    path: one,
    fit: fitOf(one, (known) => patterns.some((pattern) => pattern.matches(known, places) || pattern.isBelow(known, places))),
  }));
  return [...touched, ...deleted];
}

function fitOf(one: string | null, matches: (known: string) => boolean): Fit {
  if (one === null) return "unknown";
  return matches(one) ? "yes" : "no";
}

/** Paths by the folders they lie in. */
export const byPath: Dimension = {
  ofRule: ({ path: patterns }) => {
    if (patterns === undefined) return null;
    const found = listOf(patterns).map(keysOfPattern);
    return { keys: found.map(({ key }) => key), rare: found.flatMap(({ above }) => above) };
  },
  ofAction: ({ reading, workspace, home }) => {
    const paths = allPaths(reading);
    if (paths.includes(null)) return "open";
    const places = { workspace, home };
    const keys = new Set<string>();
    for (const one of paths) if (one !== null) for (const key of keysOfPath(one, places)) keys.add(key);
    for (const one of reading.deletes) if (one !== null) for (const key of keysOfDeleted(one, places)) keys.add(key);
    return keys;
  },
};
