import type { LogLine, LogStream } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type LineRow = Tables["run_log"];

const insert = statement<LineRow, never>((db, value) =>
  db
    .insertInto("run_log")
    .values({ run_id: value("run_id"), seq: value("seq"), at: value("at"), stream: value("stream"), text: value("text") }),
);
const after = statement<{ run_id: string; seq: number; limit: number }, LineRow>((db, value) =>
  db
    .selectFrom("run_log")
    .selectAll()
    .where("run_id", "=", value("run_id"))
    .where("seq", ">", value("seq"))
    .orderBy("seq")
    .limit(value("limit")),
);
const newest = statement<{ run_id: string; limit: number }, LineRow>((db, value) =>
  db.selectFrom("run_log").selectAll().where("run_id", "=", value("run_id")).orderBy("seq", "desc").limit(value("limit")),
);

export async function insertLogLine(tx: Transaction, runId: string, line: LogLine): Promise<void> {
  await tx.all(insert, { run_id: runId, seq: line.seq, at: line.at, stream: line.stream, text: line.text });
}

/** Oldest first: the lines after `after`, or without it the newest ones. */
export async function readLog(
  reader: Reader,
  runId: string,
  query: { readonly after?: number | undefined; readonly limit: number },
): Promise<LogLine[]> {
  const rows =
    query.after === undefined
      ? (await reader.all(newest, { run_id: runId, limit: query.limit })).reverse()
      : await reader.all(after, { run_id: runId, seq: query.after, limit: query.limit });
  return rows.map((row) => ({ seq: row.seq, at: row.at, stream: row.stream as LogStream, text: row.text }));
}
