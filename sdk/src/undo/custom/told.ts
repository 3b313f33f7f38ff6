import type { PathChange, PathLeft, ToldChange, ToldLeft } from "../../protocol/index.js";

/** Below the handler's name, whatever a program says: it names nothing that is another's. */
export function below(handler: string, path: string): string {
  return `${handler}/${path}`;
}

export function asChange(handler: string, { path, ...told }: ToldChange): PathChange {
  return { of: "custom", path: below(handler, path), ...told, actionIds: [] };
}

/** Two changes of one thing, the older first: what a program says of them is shown one behind the other. */
export function inOne(older: PathChange, newer: PathChange): PathChange {
  const diffs = [older.diff, newer.diff].filter((diff) => diff !== null);
  return { ...newer, diff: diffs.length === 0 ? null : diffs.join(""), actionIds: [...new Set([...older.actionIds, ...newer.actionIds])] };
}

export function asLeft(handler: string, { path, sentence }: ToldLeft): PathLeft {
  return { of: "custom", path: below(handler, path), sentence };
}

export function shown(path: string, sentence: string): PathChange {
  return { of: "custom", path, kind: "changed", sentence, diff: null, runs: [], actionIds: [] };
}
