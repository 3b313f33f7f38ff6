import { relative } from "node:path";
import { PullcordError, type TriedRows } from "@pullcord/sdk/protocol";
import { previewFileRows, type KeptStatements, type SnapshotKeeper, type Statement, type Trial } from "@pullcord/sdk/undo";
import type { KeptDatabase, KeptRows, ReadStatement, Surroundings } from "../domain/reading.js";
import { outgrown } from "../domain/rows-preview.js";
import type { Capture } from "./capture.js";
import { watchedRoot } from "./files.js";
import { triedRows, type DatabaseTrial } from "./rows-preview.js";

/** Keeps the rows that an action is about to change, where its reading counted on that. */
export function captureDatabases({ databases, files }: SnapshotKeeper, now: () => number): Capture {
  return async ({ key, reading, surroundings, rowsPreview }) => {
    const tried = await eachTried(reading.keptRows ?? [], {
      shown: (database) => shownName(database, watchedRoot(files, surroundings), surroundings),
      tryOut: (kept) => databases.began(key, kept),
    });
    const different = tried.length > 0 ? outgrown(rowsPreview, triedRows(tried, now())) : null;
    if (different !== null) throw new PullcordError("conflict", "rows_outgrown", different);
  };
}

/** Previews what SQL would do to rows, and keeps nothing. @throws PullcordError `unavailable`/`rows_not_kept` */
export async function previewRows(
  { databases, files }: SnapshotKeeper,
  { rows, surroundings, signal }: { readonly rows: readonly KeptRows[]; readonly surroundings: Surroundings; readonly signal: AbortSignal },
): Promise<DatabaseTrial[]> {
  return eachTried(rows, {
    shown: (database) => shownName(database, watchedRoot(files, surroundings), surroundings),
    tryOut: (kept) => databases.preview(kept, signal),
  });
}

interface FilesToPreview {
  readonly workspace: string | null;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** The same without a server, for SQLite files that whoever asks may read. @throws PullcordError, and Error as SQLite does */
export async function previewFiles(rows: readonly KeptRows[], { workspace, now, signal }: FilesToPreview): Promise<TriedRows> {
  const tried = await eachTried(rows, {
    shown: (database) => shownName(database, null, { workspace }),
    tryOut: ({ place, statements, keepsReferences = false }) => {
      if (place.dialect !== "sqlite") throw new PullcordError("unavailable", "rows_not_kept", `${place.name} is no file.`);
      return previewFileRows(place.path, { statements, keepsReferences, signal });
    },
  });
  return triedRows(tried, now);
}

interface Trying {
  /** A database as it is shown. */
  readonly shown: (database: KeptDatabase) => string;
  readonly tryOut: (statements: KeptStatements) => Promise<Trial>;
}

/** One database after the other: each by itself may take long. */
async function eachTried(rows: readonly KeptRows[], { shown, tryOut }: Trying): Promise<DatabaseTrial[]> {
  const tried: DatabaseTrial[] = [];
  for (const { database, keepsReferences = false, statements } of rows) {
    const kept = { place: database, shown: shown(database), keepsReferences, statements: statements.map(asRun) };
    tried.push({ shown: kept.shown, named: kept.statements.flatMap(({ tables }) => tables), trial: await tryOut(kept) });
  }
  return tried;
}

/** A statement as the trial takes it. */
function asRun({ text = "", wayBack }: ReadStatement): Statement {
  if (wayBack?.kind === "rows") {
    const { tables, reads = [], touched, target } = wayBack;
    return { text, tables, reads, ...(touched ? { touched } : {}), ...(target ? { target } : {}) };
  }
  if (wayBack?.kind !== "inverse") return { text, tables: [] };
  const { kind: _kind, thing, ...inverse } = wayBack;
  const tables =
    thing.type === "column" && thing.table !== undefined ? [thing.table] : inverse.renamed === undefined ? [] : [inverse.renamed];
  return { text, tables, inverse: { thing, makes: true, ...inverse } };
}

function shownName(database: KeptDatabase, root: string | null, { workspace }: Pick<Surroundings, "workspace">): string {
  if (database.dialect !== "sqlite") return database.name;
  const from = root ?? workspace;
  return from !== null && database.path.startsWith(`${from}/`) ? relative(from, database.path) : database.path;
}
