import type { Undo } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const insert = statement<Tables["undos"], never>((db, value) =>
  db.insertInto("undos").values({
    id: value("id"),
    run_id: value("run_id"),
    at: value("at"),
    status: value("status"),
    body: value("body"),
  }),
);
const update = statement<{ id: string; status: string; body: string }, never>((db, value) =>
  db
    .updateTable("undos")
    .set({ status: value("status"), body: value("body") })
    .where("id", "=", value("id")),
);
const byId = statement<{ id: string }, { body: string }>((db, value) =>
  db.selectFrom("undos").select("body").where("id", "=", value("id")),
);
const unfinished = statement<Record<string, never>, { body: string }>((db) =>
  db.selectFrom("undos").select("body").where("status", "=", "running").orderBy("at"),
);

export async function insertUndo(tx: Transaction, undo: Undo): Promise<void> {
  await tx.all(insert, { id: undo.id, run_id: undo.runId, at: undo.at, status: undo.status, body: JSON.stringify(undo) });
}

export async function updateUndo(tx: Transaction, undo: Undo): Promise<void> {
  await tx.all(update, { id: undo.id, status: undo.status, body: JSON.stringify(undo) });
}

export async function findUndo(reader: Reader, id: string): Promise<Undo | undefined> {
  const row = await reader.first(byId, { id });
  return row && undoOf(row);
}

/** Those that a server was carrying out when it ended. */
export async function unfinishedUndos(reader: Reader): Promise<Undo[]> {
  return (await reader.all(unfinished, {})).map(undoOf);
}

/** Newest first. */
export async function listUndos(
  reader: Reader,
  filter: {
    readonly run?: string | undefined;
    readonly cursor?: { readonly at: number; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<Undo[]> {
  const { cursor, run } = filter;
  const rows = await reader.query((db) => {
    let query = db.selectFrom("undos").select("body");
    if (run !== undefined) query = query.where("run_id", "=", run);
    if (cursor)
      query = query.where((is) => is.or([is("at", "<", cursor.at), is.and([is("at", "=", cursor.at), is("id", "<", cursor.id)])]));
    return query.orderBy("at", "desc").orderBy("id", "desc").limit(filter.limit);
  });
  return rows.map(undoOf);
}

function undoOf(row: { body: string }): Undo {
  const undo = JSON.parse(row.body) as Undo;
  // Written when there were only files.
  return { ...undo, conflicts: undo.conflicts.map((left) => ({ ...left, of: left.of ?? "file" })) };
}
