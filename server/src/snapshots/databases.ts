import { relative } from "node:path";
import { PullcordError, type RowsSeen } from "@pullcord/sdk/protocol";
import { lookAtFileRows, type SnapshotKeeper, type Statement } from "@pullcord/sdk/undo";
import type { KeptDatabase, KeptRows, ReadStatement, Surroundings } from "../domain/reading.js";
import { outgrown } from "../domain/rows-shown.js";
import type { Capture } from "./capture.js";
import { watchedRoot } from "./files.js";
import { rowsSeen, type TriedRows } from "./rows-preview.js";

/** Keeps the rows that an action is about to change, where its reading counted on that. */
export function captureDatabases({ databases, files }: SnapshotKeeper, now: () => number): Capture {
  return async ({ key, reading, surroundings, shownRows }) => {
    const tried: TriedRows[] = [];
    for (const { database, keepsReferences = false, statements } of reading.keptRows ?? []) {
      const shown = shownName(database, watchedRoot(files, surroundings), surroundings);
      const kept = { place: database, shown, keepsReferences, statements: statements.map(asRun) };
      tried.push({ shown, named: namedIn(kept.statements), trial: await databases.began(key, kept) });
    }
    const different = tried.length > 0 ? outgrown(shownRows, rowsSeen(tried, now())) : null;
    if (different !== null) throw new PullcordError("conflict", "rows_outgrown", different);
  };
}

/** Looks at what SQL would do to rows, and keeps nothing. @throws PullcordError `unavailable`/`rows_not_kept` */
export async function lookAtRows(
  { databases, files }: SnapshotKeeper,
  { rows, surroundings, signal }: { readonly rows: readonly KeptRows[]; readonly surroundings: Surroundings; readonly signal: AbortSignal },
): Promise<TriedRows[]> {
  const tried: TriedRows[] = [];
  for (const { database, keepsReferences = false, statements } of rows) {
    const shown = shownName(database, watchedRoot(files, surroundings), surroundings);
    const looked = { place: database, shown, keepsReferences, statements: statements.map(asRun) };
    tried.push({ shown, named: namedIn(looked.statements), trial: await databases.look(looked, signal) });
  }
  return tried;
}

function namedIn(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ tables }) => tables);
}

interface FilesLook {
  readonly workspace: string | null;
  readonly now: number;
  readonly signal: AbortSignal;
}

/** The same without a server, for SQLite files that whoever asks may read. @throws PullcordError, and Error as SQLite does */
export async function lookAtFiles(rows: readonly KeptRows[], { workspace, now, signal }: FilesLook): Promise<RowsSeen> {
  const tried: TriedRows[] = [];
  for (const { database, keepsReferences = false, statements } of rows) {
    if (database.dialect !== "sqlite") throw new PullcordError("unavailable", "rows_not_kept", `${database.name} is no file.`);
    const asked = statements.map(asRun);
    const trial = await lookAtFileRows(database.path, { statements: asked, keepsReferences, signal });
    tried.push({ shown: shortName(database.path, workspace), named: namedIn(asked), trial });
  }
  return rowsSeen(tried, now);
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

function shownName(database: KeptDatabase, root: string | null, { workspace }: Surroundings): string {
  if (database.dialect !== "sqlite") return database.name;
  return shortName(database.path, root ?? workspace);
}

function shortName(path: string, from: string | null): string {
  return from !== null && path.startsWith(`${from}/`) ? relative(from, path) : path;
}
