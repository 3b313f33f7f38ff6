import type { OneOrMore } from "./document.js";

/** One value or several, as a list. */
export function listOf<T>(values: OneOrMore<T> | undefined): readonly T[] {
  if (values === undefined) return [];
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}
