import { closeSync, existsSync, openSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { isPullcordError } from "@pullcord/sdk/protocol";
import type { Database, Row } from "./database.js";
import { notRead, notRecorded, unusableFile } from "./database-fault.js";
import { migrate } from "./migrate.js";
import type { CompiledStatement } from "./statement.js";
import type { Tables } from "./tables.js";

/** How long to wait for another process's transaction, in milliseconds. Nothing else runs meanwhile, so it is short. */
const busyMs = 500;
const ownerOnly = 0o600;
/** Pages kept in memory, in KiB: SQLite's own 2 MiB does not hold what one large batch touches. */
const cacheKib = 32 * 1_024;
/** Pages of 4 KiB in the write-ahead log before they are moved to the database: fewer moves, each page once. */
const checkpointPages = 4_000;

/**
 * Opens the embedded database: one writer connection and one reader, WAL, every commit synced.
 * Calls are synchronous underneath, so a whole batch of commands runs without other work in between.
 * @throws PullcordError `unavailable` when the file can't be used, `conflict`/`newer_database`
 */
export async function openSqlite(file: string): Promise<Database> {
  const opened: SqliteDatabase.Database[] = [];
  const open = (options: SqliteDatabase.Options = {}) => {
    const connection = new SqliteDatabase(file, { timeout: busyMs, ...options });
    opened.push(connection);
    return connection;
  };
  try {
    // Created by us, not by SQLite, so that it is never readable by others, not even for a moment.
    if (!existsSync(file)) closeSync(openSync(file, "a", ownerOnly));
    const writer = open();
    writer.pragma("journal_mode = WAL");
    writer.pragma("synchronous = FULL");
    writer.pragma("foreign_keys = ON");
    // Else every savepoint copies the pages that its command touches to a file: three quarters of all writes.
    writer.pragma("temp_store = MEMORY");
    writer.pragma(`cache_size = -${cacheKib}`);
    writer.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    await migrate(new Kysely<Tables>({ dialect: new SqliteDialect({ database: writer }) }));
    return sqlite(writer, open({ readonly: true }));
  } catch (cause) {
    for (const connection of opened) connection.close();
    throw isPullcordError(cause) ? cause : unusableFile(file, cause);
  }
}

function sqlite(writer: SqliteDatabase.Database, reader: SqliteDatabase.Database): Database {
  const write = runner(writer, notRecorded);
  const read = runner(reader, notRead);
  const control = (text: string) => {
    const prepared = writer.prepare(text);
    return async () => {
      try {
        prepared.run();
      } catch (cause) {
        throw notRecorded(cause);
      }
    };
  };
  const undo = [control("rollback to command"), control("release command")] as const;
  return {
    dialect: "sqlite",
    write: (statement, parameters) => write(statement, parameters),
    read: (statement, parameters) => read(statement, parameters),
    begin: control("begin immediate"),
    commit: control("commit"),
    rollback: control("rollback"),
    savepoint: control("savepoint command"),
    releaseSavepoint: control("release command"),
    rollbackToSavepoint: async () => {
      for (const step of undo) await step();
    },
    close: () => {
      reader.close();
      writer.pragma("wal_checkpoint(TRUNCATE)");
      writer.close();
      return Promise.resolve();
    },
  };
}

function runner(connection: SqliteDatabase.Database, fault: (cause: unknown) => Error) {
  const prepared = new Map<string, SqliteDatabase.Statement>();
  return async (statement: CompiledStatement, parameters: Parameters<CompiledStatement["bind"]>[0]): Promise<Row[]> => {
    try {
      let ready = prepared.get(statement.sql);
      if (!ready) prepared.set(statement.sql, (ready = connection.prepare(statement.sql)));
      const values = statement.bind(parameters);
      if (ready.reader) return ready.all(...values) as Row[];
      ready.run(...values);
      return [];
    } catch (cause) {
      throw fault(cause);
    }
  };
}
