import { randomBytes } from "node:crypto";
import pg from "pg";

/** The servers' addresses; none where there is no PostgreSQL. */
export const postgresServers = (process.env["PULLCORD_TEST_POSTGRES_URLS"] ?? "").split(" ").filter((url) => url !== "");

type Row = Record<string, unknown>;

/** A database of a test's own on a server of PostgreSQL. */
export class PostgresDatabase {
  readonly name: string;
  /** Its address, with the password. */
  readonly url: string;
  /** The test's own connection. */
  readonly client: pg.Client;
  readonly #server: string;

  private constructor(server: string, { name, url, client }: Pick<PostgresDatabase, "name" | "url" | "client">) {
    this.#server = server;
    this.name = name;
    this.url = url;
    this.client = client;
  }

  static async make(server = postgresServers[0] ?? ""): Promise<PostgresDatabase> {
    const name = `undo_${randomBytes(6).toString("hex")}`;
    const url = new URL(server);
    url.pathname = `/${name}`;
    await ask(server, `CREATE DATABASE ${name}`);
    return new PostgresDatabase(server, { name, url: url.href, client: await connected(url.href) });
  }

  /** One more connection, somebody else's. */
  connect(): Promise<pg.Client> {
    return connected(this.url);
  }

  async rows(sql: string): Promise<Row[]> {
    return (await this.client.query<Row>(sql)).rows;
  }

  /**
   * @param isForced ends the connections of others; without it, none may be left
   * @throws Error from PostgreSQL while somebody else is connected
   */
  async drop({ isForced = false } = {}): Promise<void> {
    await this.client.end();
    await ask(this.#server, `DROP DATABASE ${this.name}${isForced ? " WITH (FORCE)" : ""}`);
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function ask(url: string, sql: string): Promise<void> {
  const client = await connected(url);
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
