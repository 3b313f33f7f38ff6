import pg from "pg";
import { waits } from "./waits.js";

/** Opens a PostgreSQL database. @throws what the driver throws, with a `code` */
export async function connectPostgres(url: URL): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url.href,
    connectionTimeoutMillis: waits.connectMs,
    statement_timeout: waits.statementMs,
    lock_timeout: waits.lockMs,
    idle_in_transaction_session_timeout: waits.silentMs,
    query_timeout: waits.silentMs,
    // Values travel as the text that the database writes.
    types: { getTypeParser: () => (text: string) => text },
  });
  // Without a listener an idle connection's error would end the process; the next query reports it.
  client.on("error", () => {});
  await client.connect();
  return client;
}
