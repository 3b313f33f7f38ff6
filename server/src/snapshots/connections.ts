import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { PullcordError } from "@pullcord/sdk/protocol";
import type { DatabaseDrivers } from "@pullcord/sdk/undo";
import type { DatabaseConnection, Policy } from "../domain/policy/policy.js";
import type { FoundDatabase, KeptDatabase, SqlPlace } from "../domain/reading.js";
import { connectMysql } from "./mysql-driver.js";
import { connectPostgres } from "./postgres-driver.js";

/** Longest address, in characters. */
const longestUrl = 4_096;
const usualPorts = { postgres: "5432", mysql: "3306" } as const;
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
  readonly at = (place: SqlPlace): FoundDatabase | null => {
    if (place.kind === "file") return isSqliteSetUp(this.#options.environment["HOME"]) ? null : fileDatabase(place);
    for (const [name, connection] of this.#options.policy().databases) {
      const address = this.#addressOf(connection);
      if (!address || !isSame(place, { name, ...address })) continue;
      const { dialect } = address;
      return { dialect, name, ...(dialect === "mysql" ? { schema: databaseIn(address.url) } : {}) };
    }
    return null;
  };

  /** Each opens a database by its name. They throw PullcordError `unavailable`/`rows_not_kept`; never with the address in it. */
  readonly drivers: DatabaseDrivers = {
    postgres: (name) => opened(name, connectPostgres, this.#urlFor(name, "postgres")),
    mysql: (name) => opened(name, connectMysql, this.#urlFor(name, "mysql")),
  };

  #urlFor(name: string, dialect: Dialect): URL | null {
    const connection = this.#options.policy().databases.get(name);
    const address = connection && this.#addressOf(connection);
    return address?.dialect === dialect ? address.url : null;
  }

  #addressOf(connection: DatabaseConnection): Address | null {
    const text = (connection.from === "environment" ? this.#options.environment[connection.name] : textOf(connection.name))?.trim();
    if (!text || text.length > longestUrl || !URL.canParse(text)) return null;
    const url = new URL(text);
    const dialect = dialects[url.protocol];
    return dialect === undefined ? null : { url, dialect };
  }
}

type Dialect = keyof typeof usualPorts;

interface Address {
  readonly url: URL;
  readonly dialect: Dialect;
}

const dialects: Readonly<Record<string, Dialect>> = {
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "mysql:": "mysql",
  "mariadb:": "mysql",
};

async function opened<T>(name: string, connect: (url: URL) => Promise<T>, url: URL | null): Promise<T> {
  if (!url) throw unreachable(name, "the policy names no address for it, or the address is not there");
  try {
    return await connect(url);
  } catch (cause) {
    throw unreachable(name, (cause as { code?: string }).code ?? "no answer");
  }
}

function databaseIn(url: URL): string {
  return decodeURIComponent(url.pathname.slice(1));
}

/** A tool's own name for a database is the policy's; a command line names the database, and may name its server. */
function isSame(place: Exclude<SqlPlace, { kind: "file" }>, { name, url, dialect }: Address & { readonly name: string }): boolean {
  if (place.kind === "named") return place.name === name;
  const { host, port } = place;
  if (place.dialect !== dialect || place.name !== databaseIn(url)) return false;
  const wanted = url.port === "" ? usualPorts[dialect] : url.port;
  // MySQL's client looks for a host in files of its own, and goes to `localhost` by a socket, whatever the port.
  if (dialect === "mysql" && (host === null || (host === "localhost" && wanted !== usualPorts.mysql))) return false;
  const isHost = host === url.hostname || (here.includes(host ?? "") && here.includes(url.hostname));
  return isHost && (port ?? usualPorts[dialect]) === wanted;
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

/** Whether `sqlite3` reads something first that may make statements run otherwise than they are tried: references kept, another file. */
function isSqliteSetUp(home: string | undefined): boolean {
  const file = home ? join(home, ".sqliterc") : null;
  if (file === null || !existsSync(file)) return false;
  const settings = textOf(file);
  return settings === undefined || /^\s*(?:[^.\s-]|\.(?:load|read|open|dbconfig|filectrl))/m.test(settings);
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
