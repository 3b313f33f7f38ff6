import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { isPullcordError, PullcordError } from "@pullcord/sdk/protocol";
import type { Database, Row } from "./database.js";
import { notRead, notRecorded } from "./database-fault.js";
import { migrate } from "./migrate.js";
import type { Cell, CompiledStatement, Parameters } from "./statement.js";
import type { Tables } from "./tables.js";

const readers = 4;
const connectMs = 10_000;

/** How long PostgreSQL may take, in milliseconds. The database itself ends what takes longer, so that nobody waits for good. */
export interface PostgresLimits {
  /** One statement. */
  readonly statementMs: number;
  /** Waiting for a lock: the writer's own, while another server writes. */
  readonly lockMs: number;
  /** A transaction in which nothing happens, as that of a server that froze: it would keep all others from writing. */
  readonly idleMs: number;
  /** Without any answer; the connection is then given up. More than the database needs to end a statement by itself. */
  readonly silentMs: number;
}

const defaultLimits: PostgresLimits = { statementMs: 15_000, lockMs: 5_000, idleMs: 10_000, silentMs: 20_000 };
/** Held by whoever writes, so that the audit log has one order. */
const writerLock = 0x70756c6c;
const int8 = 20;

/**
 * Opens PostgreSQL: one writer connection, a few readers. Several servers take turns by an advisory lock.
 * @throws PullcordError `unavailable`/`database_unreachable`, `conflict`/`newer_database`
 */
export async function openPostgres(url: string, limits: PostgresLimits = defaultLimits): Promise<Database> {
  const connection = connectionTo(url, limits);
  const pool = new pg.Pool({ ...connection, max: readers });
  const migrations = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: connectMs });
  // Without a listener an idle connection's error would end the process; the next query reports it.
  for (const one of [pool, migrations]) one.on("error", () => {});
  try {
    await migrate(new Kysely<Tables>({ dialect: new PostgresDialect({ pool: migrations }) }));
  } catch (cause) {
    await pool.end();
    throw isPullcordError(cause) ? cause : unreachable(url, cause);
  } finally {
    await migrations.end();
  }
  return postgres(connection, pool);
}

function connectionTo(url: string, { statementMs, lockMs, idleMs, silentMs }: PostgresLimits): pg.ClientConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleMs,
    query_timeout: silentMs,
    keepAlive: true,
    types: numbersForInt8,
  };
}

/** Names the server, never the password that the address may carry. */
function unreachable(url: string, cause: unknown): PullcordError {
  const name = URL.canParse(url) ? new URL(url).host : "named";
  const text = `The PostgreSQL server ${name} can't be used (${(cause as { code?: string }).code ?? "no answer"}). Check that it runs, and the address and password.`;
  return new PullcordError("unavailable", "database_unreachable", text, { cause });
}

/** Times and counters are bigint columns that stay below 2^53. */
const numbersForInt8: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: "text") =>
    id === int8 ? Number : pg.types.getTypeParser(id, format)) as pg.CustomTypesConfig["getTypeParser"],
};

function postgres(connection: pg.ClientConfig, pool: pg.Pool): Database {
  const writer = new Writer(connection);
  return {
    dialect: "postgres",
    write: (statement, parameters) => writer.run((client) => rows(client, statement, parameters)),
    read: (statement, parameters) => rows(pool, statement, parameters).catch((cause: unknown) => Promise.reject(notRead(cause))),
    begin: () => writer.begin(),
    commit: () => writer.control("commit"),
    rollback: () => writer.control("rollback"),
    savepoint: () => writer.control("savepoint command"),
    releaseSavepoint: () => writer.control("release savepoint command"),
    rollbackToSavepoint: () => writer.control("rollback to savepoint command; release savepoint command"),
    close: async () => {
      await writer.end();
      await pool.end();
    },
  };
}

/**
 * The writer's connection. Once lost it is gone for the whole transaction: only the next `begin` connects again, since
 * a statement on a fresh connection would be kept by itself, without the rest of its command.
 */
class Writer {
  readonly #connection: pg.ClientConfig;
  #client: pg.Client | null = null;

  constructor(connection: pg.ClientConfig) {
    this.#connection = connection;
  }

  async begin(): Promise<void> {
    try {
      this.#client ??= await this.#connect();
    } catch (cause) {
      throw notRecorded(cause);
    }
    await this.control(`begin; select pg_advisory_xact_lock(${writerLock})`);
  }

  async control(text: string): Promise<void> {
    await this.run((client) => client.query(text));
  }

  async run<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (!client) throw notRecorded(new Error("the connection was lost"));
    try {
      return await work(client);
    } catch (cause) {
      // Not the database's own word: nobody knows what became of the statement, so the connection is given up.
      if (!(cause instanceof pg.DatabaseError)) this.#giveUp(client);
      throw notRecorded(cause);
    }
  }

  #giveUp(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    // While a statement is under way this closes the connection at once.
    void client.end().catch(() => {});
  }

  async end(): Promise<void> {
    await this.#client?.end();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(this.#connection);
    const forget = () => {
      if (this.#client === client) this.#client = null;
    };
    client.on("error", forget);
    client.on("end", forget);
    await client.connect();
    return client;
  }
}

async function rows(connection: pg.Client | pg.Pool, statement: CompiledStatement, parameters: Parameters): Promise<Row[]> {
  const result = await connection.query({ text: statement.sql, values: statement.bind(parameters).map(written) });
  for (const row of result.rows as Row[]) for (const column in row) row[column] = asRead(row[column]);
  return result.rows as Row[];
}

/**
 * PostgreSQL's text holds every character but U+0000, which agents may well send. It is written as U+001A 0, and
 * U+001A itself as U+001A 1, so that nothing is lost and equal stays equal. JSON columns are not concerned: JSON
 * escapes both.
 */
function written(value: Cell): Cell {
  if (typeof value !== "string" || !(value.includes("\u0000") || value.includes("\u001a"))) return value;
  return value.replaceAll("\u001a", "\u001a1").replaceAll("\u0000", "\u001a0");
}

function asRead(value: unknown): unknown {
  if (typeof value !== "string" || !value.includes("\u001a")) return value;
  return value.replaceAll("\u001a0", "\u0000").replaceAll("\u001a1", "\u001a");
}
