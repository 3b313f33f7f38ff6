import type { Tree } from "./sql-effects.js";

/** What a statement changes, ahead of what it only looks at. `DROP` names its tables as bare words, unlike all others. */
export function changedTables(kind: string, body: Tree): readonly string[] {
  const target = (body["relation"] as Tree | undefined)?.["relname"];
  if (typeof target === "string") return [target];
  if (kind !== "DropStmt" || body["removeType"] !== "OBJECT_TABLE") return [];
  return (body["objects"] as readonly Tree[]).flatMap((one) => {
    const parts = ((one["List"] as Tree | undefined)?.["items"] ?? []) as readonly Tree[];
    const last = (parts.at(-1)?.["String"] as Tree | undefined)?.["sval"];
    return typeof last === "string" ? [last] : [];
  });
}
