import { relative } from "node:path";
import type { SnapshotKeeper } from "@pullcord/sdk/undo";
import type { KeptDatabase, ReadStatement, Surroundings } from "../domain/reading.js";
import type { Capture } from "./capture.js";
import { watchedRoot } from "./files.js";

/** Keeps the rows that an action is about to change, where its reading counted on that. */
export function captureDatabases({ databases, files }: SnapshotKeeper): Capture {
  return async ({ key, reading, surroundings }) => {
    for (const { database, statements } of reading.keptRows ?? []) {
      const shown = shownName(database, watchedRoot(files, surroundings), surroundings);
      await databases.began(key, { place: database, shown, statements: statements.map(asRun) });
    }
  };
}

function asRun({ text = "", wayBack }: ReadStatement) {
  if (wayBack?.kind === "rows") return { text, tables: wayBack.tables };
  if (wayBack?.kind !== "inverse") return { text, tables: [] };
  const { kind: _kind, thing, ...inverse } = wayBack;
  const tables =
    thing.type === "column" && thing.table !== undefined ? [thing.table] : inverse.renamed === undefined ? [] : [inverse.renamed];
  return { text, tables, inverse: { thing, makes: true, ...inverse } };
}

function shownName(database: KeptDatabase, root: string | null, { workspace }: Surroundings): string {
  if (database.dialect !== "sqlite") return database.name;
  const from = root ?? workspace;
  return from !== null && database.path.startsWith(`${from}/`) ? relative(from, database.path) : database.path;
}
