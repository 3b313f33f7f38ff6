import type { Reading } from "../../reading.js";
import { pathPattern, type PathPattern, type Places } from "../path-pattern.js";
import type { Fit } from "../subject.js";
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
