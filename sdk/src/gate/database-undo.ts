import type { DatabaseSync } from "node:sqlite";
import type { AgentClient } from "../client/index.js";
import { PullcordError, type JsonObject, type UndoTask, type UndoTaskAnswer } from "../protocol/index.js";
import type { HandedRows } from "../undo/database/own/handed-rows.js";
import type { OwnDatabase } from "../undo/database/own/own-database.js";
import { OwnPostgres } from "../undo/database/own/own-postgres.js";
import { OwnSqlite } from "../undo/database/own/own-sqlite.js";
import { transact } from "../undo/database/own/own-transaction.js";
import { previewRows, takeRowsBack, toldRows } from "../undo/database/own/own-undo.js";
import type { PostgresClient } from "../undo/database/postgres.js";
import type { Execute } from "./gate-run.js";

/** Makes a connected client of PostgreSQL for one transaction, which ends it: a `pg.Client` is one. */
export interface PostgresDatabase<Client extends PostgresClient = PostgresClient> {
  readonly postgres: () => Promise<Client>;
}

/** A SQLite file, by its path. */
export interface SqliteDatabase {
  readonly sqlite: string;
}

/** What a program does in a transaction: everything through the client that it is handed, and no COMMIT or ROLLBACK. */
export type DatabaseWork<Client, Result> = (client: Client, args: JsonObject, signal: AbortSignal) => Promise<Result> | Result;

/** A database whose rows a program can take back, as it changed them. */
export class DatabaseUndo<Client> {
  readonly #name: string;
  readonly #client: AgentClient;
  readonly #database: OwnDatabase<Client>;
  /** What was handed in for an action twice would be there once. */
  readonly #handedIn = new Set<string>();

  constructor(name: string, client: AgentClient, database: OwnDatabase<Client>) {
    this.#name = name;
    this.#client = client;
    this.#database = database;
  }

  /**
   * What to run as an action: the work, in a transaction, whose rows are handed in before it commits.
   * Where that fails, nothing is committed. One for each action.
   * @example
   * await run.act({ type: "database_modify", arguments: { orders: [17] } }, shop.transaction((client) => client.query("UPDATE orders …")));
   * @throws as an action does; `unavailable`/`rows_not_kept` for what can't be taken back, `conflict`/`transaction_ended`
   */
  transaction<Result>(work: DatabaseWork<Client, Result>): Execute<Result> {
    return (signal, args, actionId) => {
      if (this.#handedIn.has(actionId)) throw handedInTwice(actionId);
      return transact(this.#database, {
        work: (client) => work(client, args, signal),
        handIn: async (rows) => {
          signal.throwIfAborted();
          await this.#handIn(actionId, rows);
        },
        // What is not heard is found out by whoever undoes, as far as the database can tell.
        settle: (hasHappened) => this.#client.settleUndo(actionId, { handler: this.#name, hasHappened }).catch(() => {}),
      });
    };
  }

  /** For the server's questions. */
  async answer(task: UndoTask): Promise<UndoTaskAnswer> {
    const named = { name: this.#name, database: this.#database as OwnDatabase<unknown> };
    return task.kind === "undo" ? takeRowsBack(named, task) : previewRows(named, task);
  }

  async #handIn(actionId: string, handedIn: HandedRows): Promise<void> {
    this.#handedIn.add(actionId);
    const tables = Map.groupBy(handedIn.rows, ({ table }) => table);
    const counted = [...tables].map(([table, rows]) => `${rows.length} ${rows.length === 1 ? "row" : "rows"} of ${table}`);
    await this.#client.giveUndo(actionId, {
      handler: this.#name,
      data: handedIn as unknown as JsonObject,
      summary: `Take back ${counted.join(", ")}`.slice(0, longestSummary).toWellFormed(),
      changes: toldRows(this.#name, handedIn.rows),
      isTogether: true,
      isProvisional: true,
    });
  }
}

const longestSummary = 1_000;

export function ownDatabase(database: PostgresDatabase | SqliteDatabase): OwnDatabase<PostgresClient | DatabaseSync> {
  return "postgres" in database ? new OwnPostgres(database.postgres) : new OwnSqlite(database.sqlite);
}

function handedInTwice(actionId: string): PullcordError {
  const text = `Action ${actionId} has changed rows of this database in a transaction before. Propose an action for each transaction.`;
  return new PullcordError("conflict", "handed_in_twice", text);
}
