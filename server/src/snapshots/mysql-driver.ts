import { createConnection, type Connection, type ConnectionOptions } from "mysql2/promise";
import type { MysqlClient } from "@pullcord/sdk/undo";
import { readTriggerBody } from "../domain/risk/dialects/trigger-body.js";
import { waits } from "./waits.js";

/** Opens a MySQL or MariaDB database. @throws what the driver throws, with a `code` */
export async function connectMysql(url: URL): Promise<MysqlClient> {
  const options = optionsOf(url);
  const connection = await connected(options);
  const query = (sql: string): ReturnType<MysqlClient["query"]> => asked(connection, sql, options);
  try {
    await query(`SET SESSION innodb_lock_wait_timeout = ${seconds(waits.lockMs)}, lock_wait_timeout = ${seconds(waits.lockMs)}`);
    await query(`SET SESSION wait_timeout = ${seconds(waits.silentMs)}`);
    const { rows } = await query("SELECT VERSION() LIKE '%MariaDB%'");
    const limit = rows[0]?.[0] === "1" ? `max_statement_time = ${seconds(waits.statementMs)}` : `max_execution_time = ${waits.statementMs}`;
    await query(`SET SESSION ${limit}`);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return {
    query,
    readBody: readTriggerBody,
    end: () => connection.end().catch(() => connection.destroy()),
  };
}

/** One statement each time, no files of this machine, names, parentheses and counts of changed rows as any client has them. */
const asEveryClient = ["-LOCAL_FILES", "-MULTI_STATEMENTS", "-IGNORE_SPACE", "-FOUND_ROWS"];

/** Of the address, nothing but this counts: a driver's own settings could undo what is said here. */
function optionsOf(url: URL): ConnectionOptions {
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    charset: "utf8mb4",
    connectTimeout: waits.connectMs,
    flags: asEveryClient,
    disableEval: true,
    ...encryption(url.searchParams),
  };
}

/** `ssl-mode` as MySQL's own clients spell it: `REQUIRED` encrypts, `VERIFY_CA` and `VERIFY_IDENTITY` look whom they speak to. */
function encryption(given: URLSearchParams): Pick<ConnectionOptions, "ssl"> {
  const mode = ["ssl-mode", "sslmode", "ssl"].map((name) => given.get(name)).find((value) => value !== null);
  if (mode === undefined || mode === null || /^(?:disabled?|false|0|preferred)$/i.test(mode)) return {};
  return { ssl: { rejectUnauthorized: /^verify/i.test(mode), verifyIdentity: /^verify[_-](?:identity|full)$/i.test(mode) } };
}

async function connected(options: ConnectionOptions): Promise<Connection> {
  const connection = await createConnection(options);
  // Without a listener an idle connection's error would end the process; the next query reports it.
  connection.on("error", () => {});
  return connection;
}

type Answer = Awaited<ReturnType<MysqlClient["query"]>>;

async function asked(connection: Connection, sql: string, options: ConnectionOptions): Promise<Answer> {
  try {
    const [rows, fields] = await connection.query({ sql, rowsAsArray: true, timeout: waits.silentMs, typeCast: asText });
    // What changes rows answers with their number alone.
    return Array.isArray(rows)
      ? { columns: fields.map(({ name }) => name), rows: rows as unknown as Answer["rows"], affected: 0 }
      : { columns: [], rows: [], affected: rows.affectedRows };
  } catch (error) {
    if ((error as { code?: string }).code !== "PROTOCOL_SEQUENCE_TIMEOUT") throw error;
    await ended(connection, options);
    throw new Error(`It took longer than ${seconds(waits.silentMs)} s.`, { cause: error });
  }
}

function asText(field: { string(encoding?: BufferEncoding): string | null }): string | null {
  return field.string("utf8");
}

/** What a statement does on the server goes on when its connection goes: it is ended there, by another one. */
async function ended(connection: Connection, options: ConnectionOptions): Promise<void> {
  const { threadId } = connection;
  connection.destroy();
  try {
    const other = await connected(options);
    await other.query({ sql: `KILL ${threadId}`, timeout: waits.connectMs }).finally(() => other.destroy());
  } catch {
    // The server ends it by its own limits, or rolls it back when it finds nobody there.
  }
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000);
}
