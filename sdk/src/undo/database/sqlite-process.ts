// A process of its own: runs the statements of one SQLite file after the other. An agent wrote them, and the file, whose
// triggers and views may never end; SQLite has no time limit, and whoever asks can end a process. It imports nothing of ours.
import { readSync } from "node:fs";
import { DatabaseSync, type Session, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";

export type SqliteAsk =
  | { readonly kind: "open"; readonly address: string; readonly foreignKeys: boolean; readonly busyMs: number }
  | { readonly kind: "rows" | "run"; readonly sql: string }
  /** From here on, which rows of these tables change is noted; each needs a key. */
  | { readonly kind: "watch"; readonly tables: readonly string[] }
  /** What was noted: `table`, `did`, and the values before or after as JSON of literals, null where a column did not change. */
  | { readonly kind: "changes"; readonly most: number }
  | { readonly kind: "unwatch" | "rollback" | "close" };

export type SqliteAnswer = { readonly rows: readonly Readonly<Record<string, string | null>>[] } | { readonly error: string };

/** Most that one query answers, in characters: twice what the record of an action may hold. */
const mostCharacters = 64 * 2 ** 20;

let database: DatabaseSync | null = null;
let watching: { readonly table: string; readonly session: Session }[] = [];

if (isMainThread) {
  // A statement without an end leaves this thread no moment to see that nobody waits for it any more; another one does.
  new Worker(fileURLToPath(import.meta.url)).unref();
  process.on("message", (ask: SqliteAsk) => process.send?.(answerTo(ask)));
} else {
  // Standard input ends when whoever started this process does, however that is.
  while (readSync(0, Buffer.alloc(1)) > 0);
  process.kill(process.pid, "SIGKILL");
}

function answerTo(ask: SqliteAsk): SqliteAnswer {
  try {
    return { rows: done(ask) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

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
    case "watch":
      watching = ask.tables.map((table) => ({ table, session: opened().createSession({ table }) }));
      return [];
    case "changes":
      return changes(ask.most);
    case "unwatch":
      endWatch();
      return [];
    case "rollback":
      if (database?.isTransaction) database.exec("ROLLBACK");
      return [];
    case "close":
      endWatch();
      database?.close();
      database = null;
      return [];
  }
}

function endWatch(): void {
  for (const { session } of watching.splice(0)) session.close();
}

function changes(most: number): Record<string, string | null>[] {
  const rows: Record<string, string | null>[] = [];
  for (const { table, session } of watching) {
    for (const row of changesIn(Buffer.from(session.changeset()), most - rows.length + 1)) rows.push({ table, ...row });
    if (rows.length > most) break;
  }
  return rows;
}

/** How a changeset names what was done (sqlite.org/session). */
const deeds: Readonly<Record<number, string>> = { 9: "delete", 18: "insert", 23: "update" };

/** Reads a changeset of one table: its head (columns, which are the key, name), then a record of each row that changed. */
function changesIn(bytes: Buffer, most: number): Record<string, string | null>[] {
  const rows: Record<string, string | null>[] = [];
  if (bytes.length === 0) return rows;
  let at = 1;
  const varint = (): number => {
    let value = 0;
    for (let byte = 0x80; byte & 0x80;) {
      byte = bytes[at++] ?? 0;
      value = value * 128 + (byte & 0x7f);
    }
    return value;
  };
  const count = varint();
  at = bytes.indexOf(0, at + count) + 1;
  const sized = (): Buffer => {
    const length = varint();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const value = (): SQLInputValue | undefined => {
    const type = bytes[at++];
    if (type === 1) return bytes.readBigInt64BE((at += 8) - 8);
    if (type === 2) return bytes.readDoubleBE((at += 8) - 8);
    if (type === 3) return sized().toString("utf8");
    if (type === 4) return Uint8Array.from(sized());
    return type === 5 ? null : undefined;
  };
  const record = (): string =>
    JSON.stringify(Array.from({ length: count }, value).map((one) => (one === undefined ? null : literalOf(one))));
  while (at < bytes.length && rows.length < most) {
    const did = deeds[bytes[at] ?? 0] ?? null;
    at += 2;
    rows.push({ did, before: did === "insert" ? null : record(), after: did === "delete" ? null : record() });
  }
  return rows;
}

/** As `literal` of the session writes it. */
function literalOf(value: SQLInputValue): string {
  if (typeof value === "string" && value.includes("\0")) return `CAST(x'${Buffer.from(value).toString("hex").toUpperCase()}' AS TEXT)`;
  return String(opened().prepare("SELECT quote(?) AS literal").get(value)?.["literal"]);
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
