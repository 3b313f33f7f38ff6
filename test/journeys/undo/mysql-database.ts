import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { describe } from "vitest";

/** A server that is there for the tests. */
export interface MysqlServer {
  readonly url: string;
  /** `MariaDB 10.11.19`, `MySQL 8.0.46` */
  readonly name: string;
  readonly isMariadb: boolean;
}

/** All that there are; none where there is no MySQL. */
export const mysqlServers: readonly MysqlServer[] = await Promise.all(
  (process.env["PULLCORD_TEST_MYSQL_URLS"] ?? "")
    .split(" ")
    .filter((url) => url !== "")
    .map((url) => serverAt(url)),
);

async function serverAt(url: string): Promise<MysqlServer> {
  const client = await mysql.createConnection(url);
  const [rows] = await client.query<mysql.RowDataPacket[]>("SELECT VERSION() AS version");
  await client.end();
  const version = String(rows[0]?.["version"]);
  const isMariadb = version.includes("MariaDB");
  return { url, name: `${isMariadb ? "MariaDB" : "MySQL"} ${/^[\d.]*/.exec(version)?.[0]}`, isMariadb };
}

/** The same tests on each server; skipped by name where there is none. */
export function describeOnMysql(what: string, tests: (server: MysqlServer) => void): void {
  const none = { url: "", name: "MySQL", isMariadb: false };
  for (const server of mysqlServers.length > 0 ? mysqlServers : [none]) {
    describe.skipIf(server === none)(`${what}, on ${server.name}`, () => tests(server));
  }
}

/** A database of a test's own on a server of MySQL or MariaDB. */
export class MysqlDatabase {
  readonly name: string;
  /** Its address, with the password. */
  readonly url: URL;
  /** The test's own connection. */
  readonly client: mysql.Connection;
  readonly #server: MysqlServer;

  private constructor(server: MysqlServer, { name, url, client }: Pick<MysqlDatabase, "name" | "url" | "client">) {
    this.#server = server;
    this.name = name;
    this.url = url;
    this.client = client;
  }

  static async make(server: MysqlServer): Promise<MysqlDatabase> {
    const name = `undo_${randomBytes(6).toString("hex")}`;
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    await asOwner(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    const client = await mysql.createConnection({ uri: url.href, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true });
    return new MysqlDatabase(server, { name, url, client });
  }

  /** What a statement finds; nothing of one that finds nothing. */
  async rows(sql: string): Promise<readonly Record<string, unknown>[]> {
    const [found] = await this.client.query<mysql.RowDataPacket[] | mysql.ResultSetHeader>(sql);
    return Array.isArray(found) ? found : [];
  }

  async drop(): Promise<void> {
    await this.client.end();
    await asOwner(this.#server, `DROP DATABASE ${this.name}`);
  }
}

/** Runs a statement with the account that the tests have on the server. */
export async function asOwner({ url }: MysqlServer, sql: string): Promise<void> {
  const owner = await mysql.createConnection(url);
  await owner.query(sql);
  await owner.end();
}
