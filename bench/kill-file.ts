import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startChild } from "./measuring/child.ts";
import { Crowd, type CrowdServer, type Killed } from "./measuring/crowd.ts";
import { median, percentile } from "./measuring/statistics.ts";

/**
 * How long many `pullcord run` take to be gone by the kill file, on a machine that is kept busy.
 *
 *     npm run bench -- kill-file --rounds 4
 */
const runCounts = [1, 12, 50] as const;
/** A single run says little: more rounds, so that its figures mean something. */
const roundsOfOne = 10;
const busyLoops = 8;
const limitMs = 5_000;
/** Time for the load to be steady, in milliseconds. */
const settleMs = 1_000;
const agent = "bench";
const busyLoop = fileURLToPath(new URL("busy-loop.ts", import.meta.url));

export async function killFileReport(folder: string, rounds: number): Promise<string> {
  const rows: string[] = [];
  for (const isServerThere of [false, true]) {
    for (const runs of runCounts) {
      const all: Killed[] = [];
      for (let round = 0; round < (runs === 1 ? rounds * roundsOfOne : rounds); round += 1) {
        all.push(await killRound(join(folder, `kill-${rows.length}-${round}`), { runs, isServerThere }));
      }
      rows.push(rowOf(runs, isServerThere, all));
    }
  }
  return `## How long the kill file takes

Every second run without containment, each with a process in a session of its own, while ${busyLoops} busy loops use the machine up. From the
kill file until the processes of each run are gone, and until the last supervisor has said what it had to say. Aim: the worst below ${limitMs / 1_000} s (E5).

| runs at once | server | stops | p50 | p99 | worst | last supervisor | processor time of a supervisor |
|---:|---|---:|---:|---:|---:|---:|---:|
${rows.join("\n")}`;
}

async function killRound(folder: string, { runs, isServerThere }: { runs: number; isServerThere: boolean }): Promise<Killed> {
  mkdirSync(folder);
  const server = await startChild<CrowdServer>(
    "gate-server.ts",
    { agent, dataFolder: folder },
    (process.env.PROF ?? "").split(" ").filter(Boolean),
  );
  const crowd = new Crowd(folder, server.said, agent);
  const loops: ChildProcess[] = [];
  try {
    await crowd.begin(runs);
    for (let loop = 0; loop < busyLoops; loop += 1) loops.push(spawn(process.execPath, [busyLoop]));
    if (!isServerThere) process.kill(server.said.pid, "SIGKILL");
    await sleep(settleMs);
    return await crowd.kill();
  } finally {
    for (const loop of loops) loop.kill("SIGKILL");
    crowd.leave();
    await server.end();
  }
}

function rowOf(runs: number, isServerThere: boolean, all: readonly Killed[]): string {
  const gone = all.flatMap(({ goneMs }) => goneMs).toSorted((a, b) => a - b);
  const over = Math.max(...all.map(({ overMs }) => overMs));
  const used = median(all.flatMap(({ usedMs }) => usedMs));
  const figures = [percentile(gone, 0.5), percentile(gone, 0.99), gone.at(-1) ?? Number.NaN, over, used];
  return `| ${runs} | ${isServerThere ? "there" : "dead"} | ${gone.length} | ${figures.map((ms) => `${Math.round(ms).toLocaleString("en")} ms`).join(" | ")} |`;
}
