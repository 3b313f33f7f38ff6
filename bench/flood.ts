import type { OpenRun } from "@pullcord/sdk/protocol";
import { Connection, post } from "./measuring/connection.ts";

/** One agent that proposes as often as it is told, from several connections, until it is ended. */
interface FloodJob {
  readonly url: string;
  readonly token: string;
  readonly perSecond: number;
  readonly workingDirectory: string;
}

const job = JSON.parse(process.argv[2] ?? "{}") as FloodJob;
const url = new URL(job.url);
const headers = { authorization: `Bearer ${job.token}` };
const connections = 64;
const tickMs = 10;

const idle = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
const [first] = idle;
if (!first) throw new Error("no connection");
const opening: OpenRun = { task: "flood", workingDirectory: job.workingDirectory };
const { id } = JSON.parse((await first.send(post(url, "/v1/runs", { body: opening, headers }))).body) as { id: string };

let sent = 0;
const startedAt = performance.now();
setInterval(() => {
  const due = ((performance.now() - startedAt) / 1_000) * job.perSecond;
  while (sent < due) {
    const connection = idle.pop();
    // What can't be sent yet is sent late: the server sees as much as it can take, and never less than it was sent.
    if (!connection) return;
    sent += 1;
    const body = { type: "command_execute", arguments: { command: `ls -la src/part-${sent}` } };
    void connection.send(post(url, `/v1/runs/${id}/actions`, { body, headers })).then(() => {
      idle.push(connection);
    });
  }
}, tickMs);
process.stdout.write(`${JSON.stringify({ runId: id })}\n`);
process.once("SIGTERM", () => process.exit(0));
