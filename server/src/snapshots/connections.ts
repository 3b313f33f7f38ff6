import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import pg from "pg";
import { PullcordError } from "@pullcord/sdk/protocol";
import type { DatabaseConnection, Policy } from "../domain/policy/policy.js";
import type { KeptDatabase, SqlPlace } from "../domain/reading.js";

/** How long a database may take, in milliseconds: an action waits for it. */
const connectMs = 5_000;
const statementMs = 8_000;
const lockMs = 3_000;
const silentMs = 10_000;
/** Longest address, in characters. */
const longestUrl = 4_096;
const postgresPort = "5432";
const here: readonly string[] = ["", "localhost", "127.0.0.1", "[::1]"];

export interface ConnectionsOptions {
  readonly policy: () => Pick<Policy, "databases">;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The databases that people named in the policy. Their addresses hold passwords: read anew each time, kept and said nowhere. */
export class Connections {
  readonly #options: ConnectionsOptions;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** The database at a place, where its rows can be kept. */
  readonly at = (place: SqlPlace): KeptDatabase | null => {
    if (place.kind === "file") return fileDatabase(place);
    for (const [name, connection] of this.#options.policy().databases) {
      const url = this.#urlOf(connection);
      if (url && isSame(place, { name, url })) return { dialect: "postgres", name };
    }
    return null;
  };

  /** @throws PullcordError `unavailable`/`rows_not_kept`; never with the address in it */
  async connect(name: string): Promise<pg.Client> {
    const connection = this.#options.policy().databases.get(name);
    const url = connection && this.#urlOf(connection);
    if (!url) throw unreachable(name, "the policy names no address for it, or the address is not there");
    const client = new pg.Client({
      connectionString: url.href,
      connectionTimeoutMillis: connectMs,
      statement_timeout: statementMs,
      lock_timeout: lockMs,
      idle_in_transaction_session_timeout: silentMs,
      query_timeout: silentMs,
      // Values travel as the text that the database writes.
      types: { getTypeParser: () => (text: string) => text },
    });
    // Without a listener an idle connection's error would end the process; the next query reports it.
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (cause) {
      throw unreachable(name, (cause as { code?: string }).code ?? "no answer");
    }
    return client;
  }

  #urlOf(connection: DatabaseConnection): URL | null {
    const text = (connection.from === "environment" ? this.#options.environment[connection.name] : textOf(connection.name))?.trim();
    if (!text || text.length > longestUrl || !URL.canParse(text)) return null;
    const url = new URL(text);
    return /^postgres(?:ql)?:$/.test(url.protocol) ? url : null;
  }
}

/** A tool's own name for a database is the policy's; a command line names the database, and may name its server. */
function isSame(place: Exclude<SqlPlace, { kind: "file" }>, { name, url }: { readonly name: string; readonly url: URL }): boolean {
  if (place.kind === "named") return place.name === name;
  const { dialect, host, port } = place;
  if (dialect !== "postgres" || place.name !== decodeURIComponent(url.pathname.slice(1))) return false;
  const isHost = host === url.hostname || (here.includes(host ?? "") && here.includes(url.hostname));
  return isHost && (port ?? postgresPort) === (url.port === "" ? postgresPort : url.port);
}

function unreachable(name: string, why: string): PullcordError {
  return new PullcordError("unavailable", "rows_not_kept", `The database ${name} can't be reached (${why}).`);
}

function textOf(file: string): string | undefined {
  try {
    const stats = statSync(file);
    // A pipe would be waited on, and a device has no end.
    return stats.isFile() && stats.size <= longestUrl ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

/** How every SQLite file begins (sqlite.org/fileformat2, 1.3). */
const sqliteHeader = "SQLite format 3\0";

/** The database in a file, where it is one of SQLite's. */
export function fileDatabase(place: SqlPlace): KeptDatabase | null {
  return place.kind === "file" && isSqlite(place.path) ? { dialect: "sqlite", path: place.path } : null;
}

function isSqlite(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const handle = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(sqliteHeader.length);
      return readSync(handle, bytes, 0, bytes.length, 0) === bytes.length && bytes.toString("latin1") === sqliteHeader;
    } finally {
      closeSync(handle);
    }
  } catch {
    return false;
  }
}
