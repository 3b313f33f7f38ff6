import { relative } from "node:path";
import { PullcordError, type RowsSeen } from "@pullcord/sdk/protocol";
import { lookAtFileRows, type KeptStatements, type SnapshotKeeper, type Statement, type Trial } from "@pullcord/sdk/undo";
import type { KeptDatabase, KeptRows, ReadStatement, Surroundings } from "../domain/reading.js";
import { outgrown } from "../domain/rows-shown.js";
import type { Capture } from "./capture.js";
import { watchedRoot } from "./files.js";
import { rowsSeen, type TriedRows } from "./rows-preview.js";

/** Keeps the rows that an action is about to change, where its reading counted on that. */
export function captureDatabases({ databases, files }: SnapshotKeeper, now: () => number): Capture {
  return async ({ key, reading, surroundings, shownRows }) => {
    const tried = await eachTried(reading.keptRows ?? [], {
      shown: (database) => shownName(database, watchedRoot(files, surroundings), surroundings),
      tryOut: (kept) => databases.began(key, kept),
    });
    const different = tried.length > 0 ? outgrown(shownRows, rowsSeen(tried, now())) : null;
    if (different !== null) throw new PullcordError("conflict", "rows_outgrown", different);
  };
}

/** Looks at what SQL would do to rows, and keeps nothing. @throws PullcordError `unavailable`/`rows_not_kept` */
export async function lookAtRows(
  { databases, files }: SnapshotKeeper,
  { rows, surroundings, signal }: { readonly rows: readonly KeptRows[]; readonly surroundings: Surroundings; readonly signal: AbortSignal },
): Promise<TriedRows[]> {
  return eachTried(rows, {
    shown: (database) => shownName(database, watchedRoot(files, surroundings), surroundings),
    tryOut: (looked) => databases.look(looked, signal),
  });
}

interface FilesLook {
  readonly workspace: string | null;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** The same without a server, for SQLite files that whoever asks may read. @throws PullcordError, and Error as SQLite does */
export async function lookAtFiles(rows: readonly KeptRows[], { workspace, now, signal }: FilesLook): Promise<RowsSeen> {
  const tried = await eachTried(rows, {
    shown: (database) => shownName(database, null, { workspace }),
    tryOut: ({ place, statements, keepsReferences = false }) => {
      if (place.dialect !== "sqlite") throw new PullcordError("unavailable", "rows_not_kept", `${place.name} is no file.`);
      return lookAtFileRows(place.path, { statements, keepsReferences, signal });
    },
  });
  return rowsSeen(tried, now);
}

interface Trying {
  /** A database as it is shown. */
  readonly shown: (database: KeptDatabase) => string;
  readonly tryOut: (statements: KeptStatements) => Promise<Trial>;
}

/** One database after the other: each by itself may take long. */
async function eachTried(rows: readonly KeptRows[], { shown, tryOut }: Trying): Promise<TriedRows[]> {
  const tried: TriedRows[] = [];
  for (const { database, keepsReferences = false, statements } of rows) {
    const kept = { place: database, shown: shown(database), keepsReferences, statements: statements.map(asRun) };
    tried.push({ shown: kept.shown, named: kept.statements.flatMap(({ tables }) => tables), trial: await tryOut(kept) });
  }
  return tried;
}

/** A statement as the trial takes it. */
function asRun({ text = "", wayBack }: ReadStatement): Statement {
  if (wayBack?.kind === "rows") return { text, tables: wayBack.tables, reads: wayBack.reads ?? [] };
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
