import type { DatabaseSync } from "node:sqlite";
import { sqliteSession } from "../sqlite.js";
import type { OpenDatabase, OwnDatabase } from "./own-database.js";

/** How long another writer is waited for, in milliseconds; the program's own thread stands still meanwhile. */
const busyMs = 5_000;
/** As `quote` writes values, and undo a text with a zero byte. */
const literal = /^(?:NULL|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|'[^']*(?:''[^']*)*'|X'(?:[0-9A-F]{2})*'|CAST\(x'(?:[0-9A-F]{2})*' AS TEXT\))$/;

/** A SQLite file, through Node's own client. */
export class OwnSqlite implements OwnDatabase<DatabaseSync> {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  readonly open = async (): Promise<OpenDatabase<DatabaseSync>> => {
    // Loaded where it is used: Node warns of it as experimental.
    const { DatabaseSync: Database } = await import("node:sqlite");
    const client = new Database(this.#path, { timeout: busyMs });
    return { client, session: sqliteSession(statementsOf(client)), wasCommittedAfterError: notCommitted };
  };

  readonly isLiteral = (text: string): boolean => literal.test(text);

  /** SQLite keeps no record of its transactions. */
  readonly wasCommitted = (): Promise<null> => Promise.resolve(null);
}

/** Within one process, a COMMIT that failed is none. */
function notCommitted(): Promise<boolean> {
  return Promise.resolve(false);
}

function statementsOf(client: DatabaseSync): Parameters<typeof sqliteSession>[0] {
  return {
    rows: (sql) => {
      const statement = client.prepare(sql);
      statement.setReadBigInts(true);
      return statement
        .all()
        .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])));
    },
    run: (sql) => void client.prepare(sql).all(),
    rollback: () => client.isTransaction && client.exec("ROLLBACK"),
    release: () => client.close(),
  };
}
