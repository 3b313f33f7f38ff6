import { randomUUID } from "node:crypto";
import type { ActionAnswer, OpenRun, ProposedAction } from "@pullcord/sdk/protocol";
import { Connection, post } from "./measuring/connection.ts";
import type { LoadJob, LoadResult } from "./measuring/job.ts";
import { percentile } from "./measuring/statistics.ts";

/**
 * The load generator, a process of its own: each caller has a run and a kept-alive connection, and proposes as soon
 * as it has its answer. What it proposes is what a coding agent's hook would: a command with its tool call.
 */
const job = JSON.parse(process.argv[2] ?? "{}") as LoadJob;
const url = new URL(job.url);
let proposals = 0;

interface Measured {
  readonly from: number;
  readonly until: number;
  readonly took: number[];
  answers: number;
  answerBytes: number;
}

process.stdout.write(`${JSON.stringify(await measure())}\n`);

async function measure(): Promise<LoadResult> {
  const callers = await Promise.all(Array.from({ length: job.callers }, openCaller));
  const from = performance.now() + job.warmUpMs;
  const measured: Measured = { from, until: from + job.measureMs, took: [], answers: 0, answerBytes: 0 };
  await Promise.all(callers.map(({ connection, runId }) => propose(connection, runId, measured)));
  for (const { connection } of callers) connection.close();
  const sorted = Float64Array.from(measured.took).sort();
  return {
    answers: measured.answers,
    perSecond: sorted.length / (job.measureMs / 1_000),
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    answerBytes: measured.answerBytes,
  };
}

async function openCaller(): Promise<{ readonly connection: Connection; readonly runId: string }> {
  const connection = await Connection.open(url);
  const opening: OpenRun = { task: "bench", workingDirectory: process.cwd() };
  const { body } = await connection.send(post(url, "/v1/runs", { body: opening, headers: proof() }));
  return { connection, runId: (JSON.parse(body) as { id: string }).id };
}

async function propose(connection: Connection, runId: string, measured: Measured): Promise<void> {
  for (let before = performance.now(); before < measured.until;) {
    const request = post(url, `/v1/runs/${runId}/actions`, { body: proposal(), headers: proof() });
    const answer = await connection.send(request);
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.body}`);
    const after = performance.now();
    measured.answers += 1;
    if (measured.answerBytes === 0) check(answer.body, measured);
    if (before >= measured.from && after < measured.until) measured.took.push(after - before);
    before = after;
  }
}

/** A gate that denies would be fast and prove nothing. */
function check(body: string, measured: Measured): void {
  const { next } = JSON.parse(body) as ActionAnswer;
  if (next !== "run") throw new Error(`expected the action to be allowed, got ${body}`);
  measured.answerBytes = body.length;
}

/** Another one each time, so that nothing can be remembered from the last. */
function proposal(): ProposedAction {
  proposals += 1;
  const command = `ls -la src/part-${proposals}`;
  return {
    type: "command_execute",
    arguments: { command },
    tool: { name: "Bash", input: { command, description: "List the sources" } },
    workingDirectory: process.cwd(),
    externalId: `toolu_${String(proposals).padStart(24, "0")}`,
  };
}

/** As the SDK's client sends it: a token, and a fresh key with each write. */
function proof(): Record<string, string> {
  return { authorization: `Bearer ${job.token}`, "idempotency-key": randomUUID() };
}
