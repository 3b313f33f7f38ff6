import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ActionAnswer } from "@pullcord/sdk/protocol";
import { startChild, type Child } from "./child.ts";
import { Connection, post } from "./connection.ts";
import { fsyncFloor } from "./fsync-floor.ts";
import type { LoadJob, LoadResult } from "./job.ts";
import { median } from "./statistics.ts";

/** Callers at once. */
const callerCounts = [1, 64, 512] as const;
const warmUpMs = 700;
const floorMs = 500;
const agent = "bench";

/** One measured load, and what it cost the server in processor time. */
export interface Measured extends LoadResult {
  readonly processorUs: number;
}

export interface Compared {
  readonly callers: number;
  readonly gate: Measured;
  readonly echo: Measured;
}

export interface GateFigures {
  readonly databases: string;
  readonly fsyncP50Ms: number;
  readonly fsyncP99Ms: number;
  readonly rows: readonly Compared[];
}

interface Listening {
  readonly url: string;
  readonly token: string;
}

export interface GateOptions {
  readonly folder: string;
  readonly measureMs: number;
  readonly rounds: number;
  readonly databaseUrl?: string | undefined;
}

/** The gate against the echo server and the disk, in turns, so that all of them meet the same weather. */
export async function measureGate({ folder, measureMs, rounds, databaseUrl }: GateOptions): Promise<GateFigures> {
  const dataFolder = join(folder, "data");
  mkdirSync(dataFolder);
  const gate = await startChild<Listening>("gate-server.ts", { agent, dataFolder, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  const echo = await startChild<Listening>("echo-server.ts", await exampleAnswer(gate.said));
  const floors: ReturnType<typeof fsyncFloor>[] = [];
  const results = callerCounts.map((callers) => ({ callers, gate: [] as Measured[], echo: [] as Measured[] }));
  try {
    for (let round = 0; round < rounds; round += 1) {
      floors.push(fsyncFloor(folder, floorMs));
      for (const row of results) {
        row.echo.push(await load(echo, { callers: row.callers, warmUpMs, measureMs }));
        row.gate.push(await load(gate, { callers: row.callers, warmUpMs, measureMs }));
      }
    }
  } finally {
    await gate.end();
    await echo.end();
  }
  return {
    databases:
      databaseUrl === undefined
        ? `SQLite, ${rounds} rounds of ${measureMs} ms, medians`
        : `PostgreSQL, ${rounds} rounds of ${measureMs} ms, medians`,
    fsyncP50Ms: median(floors.map((floor) => floor.p50Ms)),
    fsyncP99Ms: median(floors.map((floor) => floor.p99Ms)),
    rows: results.map((row) => ({ callers: row.callers, gate: medians(row.gate), echo: medians(row.echo) })),
  };
}

async function load(server: Child<Listening>, job: Omit<LoadJob, keyof Listening>): Promise<Measured> {
  const before = server.processorMs();
  const child = await startChild<LoadResult>("load.ts", { ...server.said, ...job });
  await child.end();
  return { ...child.said, processorUs: ((server.processorMs() - before) * 1_000) / child.said.answers };
}

/** A real decision, for the echo server to answer with. */
async function exampleAnswer({ url, token }: Listening): Promise<ActionAnswer> {
  const address = new URL(url);
  const connection = await Connection.open(address);
  const headers = { authorization: `Bearer ${token}` };
  const opened = await connection.send(post(address, "/v1/runs", { body: { task: "example", workingDirectory: process.cwd() }, headers }));
  const { id } = JSON.parse(opened.body) as { id: string };
  const proposed = { type: "command_execute", arguments: { command: "ls -la src/part-1" } };
  const { body } = await connection.send(post(address, `/v1/runs/${id}/actions`, { body: proposed, headers }));
  connection.close();
  return JSON.parse(body) as ActionAnswer;
}

function medians(results: readonly Measured[]): Measured {
  const of = (name: keyof Measured) => median(results.map((result) => result[name]));
  return {
    answers: of("answers"),
    processorUs: of("processorUs"),
    perSecond: of("perSecond"),
    p50Ms: of("p50Ms"),
    p99Ms: of("p99Ms"),
    answerBytes: of("answerBytes"),
  };
}
