// A process of its own: runs the statements of one SQLite file after the other. An agent wrote them, and the file, whose
// triggers and views may never end; SQLite has no time limit, and whoever asks can end a process. It imports nothing of ours.
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

export type SqliteAsk =
  | { readonly kind: "open"; readonly address: string; readonly foreignKeys: boolean; readonly busyMs: number }
  | { readonly kind: "rows" | "run"; readonly sql: string }
  | { readonly kind: "rollback" | "close" };

export type SqliteAnswer = { readonly rows: readonly Readonly<Record<string, string | null>>[] } | { readonly error: string };

/** Most that one query answers, in characters: twice what the record of an action may hold. */
const mostCharacters = 64 * 2 ** 20;

let database: DatabaseSync | null = null;

process.on("message", (ask: SqliteAsk) => {
  let answer: SqliteAnswer;
  try {
    answer = { rows: done(ask) };
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(answer);
});

function done(ask: SqliteAsk): Record<string, string | null>[] {
  switch (ask.kind) {
    case "open":
      database = new DatabaseSync(new URL(ask.address), { enableForeignKeyConstraints: ask.foreignKeys, timeout: ask.busyMs });
      return [];
    case "rows":
      return rowsOf(ask.sql);
    case "run":
      // `prepare` takes one statement and leaves the rest: nothing can hide behind it.
      opened().prepare(ask.sql).all();
      return [];
    case "rollback":
      if (database?.isTransaction) database.exec("ROLLBACK");
      return [];
    case "close":
      database?.close();
      database = null;
      return [];
  }
}

function rowsOf(sql: string): Record<string, string | null>[] {
  const statement = opened().prepare(sql);
  statement.setReadBigInts(true);
  const rows: Record<string, string | null>[] = [];
  let characters = 0;
  for (const row of statement.iterate()) {
    const cells = Object.entries(row).map(([name, value]): [string, string | null] => [name, asText(value)]);
    characters += cells.reduce((sum, [, cell]) => sum + (cell?.length ?? 0), 0);
    if (characters > mostCharacters) throw new Error("The rows are too large.");
    rows.push(Object.fromEntries(cells));
  }
  return rows;
}

function opened(): DatabaseSync {
  if (!database) throw new Error("The database is not open.");
  return database;
}

function asText(value: SQLOutputValue): string | null {
  return value === null ? null : value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
}
