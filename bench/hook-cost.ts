import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hookPath } from "@pullcord/sdk/adapters/claude-code";
import { claude, connectPlace, makePlace, runClaude, startModel, type Turn } from "../test/journeys/claude-code/client.ts";
import { startChild } from "./measuring/child.ts";
import { Connection, post } from "./measuring/connection.ts";
import { percentile } from "./measuring/statistics.ts";

/** What one hook call may cost over a hook that does nothing, in milliseconds (issue 2). */
const aimMs = 10;
const warmUpCalls = 50;
const measuredCalls = 500;
/** Tool calls of one session of the real client. */
const sessionCalls = 40;
const sessionRounds = 3;

interface Target {
  readonly url: string;
  readonly token: string;
}

/** What a hook call costs Claude Code, beside a hook that does nothing, as a section of RESULTS.md. */
export async function hookCostReport(): Promise<string> {
  const dataFolder = mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-hook-"));
  const ours = await startChild<Target>("gate-server.ts", { agent: "claude-code", dataFolder });
  const nothing = await startChild<Target>("nothing-server.ts", {});
  try {
    const targets = { nothing: nothing.said, ours: ours.said };
    const raw = { nothing: await rawCall(targets.nothing), ours: await rawCall(targets.ours) };
    return report(raw, claude === undefined ? null : await sessions(targets));
  } finally {
    await Promise.all([ours.end(), nothing.end()]);
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

/** One PreToolUse call over a kept-alive connection, as the client makes it: p50 and p99. */
async function rawCall({ url, token }: Target): Promise<Figures> {
  const golden = new URL("../sdk/src/adapters/claude-code/golden/2.1.329/PreToolUse.Bash.json", import.meta.url);
  const body = JSON.parse(readFileSync(golden, "utf8")) as object;
  const connection = await Connection.open(new URL(url));
  const took: number[] = [];
  for (let call = 0; call < warmUpCalls + measuredCalls; call++) {
    const request = post(new URL(url), hookPath, {
      body: { ...body, tool_use_id: `toolu_${call}` },
      headers: { authorization: `Bearer ${token}` },
    });
    const before = performance.now();
    const { status } = await connection.send(request);
    if (status !== 200) throw new Error(`${url} answered with status ${status}`);
    if (call >= warmUpCalls) took.push(performance.now() - before);
  }
  connection.close();
  return figuresOf(took);
}

interface Figures {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Sessions {
  readonly none: Figures;
  readonly nothing: Figures;
  readonly ours: Figures;
}

/** The time between two model requests of the real client, with one tool call in between; in turns, so that all meet the same weather. */
async function sessions({ nothing, ours }: { readonly nothing: Target; readonly ours: Target }): Promise<Sessions> {
  const gaps = { none: [] as number[], nothing: [] as number[], ours: [] as number[] };
  for (let round = 0; round < sessionRounds; round++) {
    gaps.none.push(...(await session(null)));
    gaps.nothing.push(...(await session(nothing)));
    gaps.ours.push(...(await session(ours)));
  }
  return { none: figuresOf(gaps.none), nothing: figuresOf(gaps.nothing), ours: figuresOf(gaps.ours) };
}

async function session(target: Target | null): Promise<number[]> {
  const place = makePlace();
  if (target) connectPlace(place, target);
  mkdirSync(place.workspace, { recursive: true });
  writeFileSync(join(place.workspace, "note.txt"), "one\n");
  const call: Turn = { tools: [{ name: "Read", input: { file_path: "${cwd}/note.txt" } }] };
  const model = await startModel(place, { main: [...Array.from({ length: sessionCalls }, () => call), { text: "fin" }] });
  try {
    await runClaude(place, model).ended;
    if (model.results().some(({ isError }) => isError)) throw new Error("A call of the measured session failed.");
    const times = model.times();
    return times.slice(1).map((time, index) => time - (times[index] ?? time));
  } finally {
    model.stop();
    place.remove();
  }
}

function figuresOf(took: readonly number[]): Figures {
  const sorted = Float64Array.from(took).sort();
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}

function report(raw: { readonly nothing: Figures; readonly ours: Figures }, real: Sessions | null): string {
  const row = (what: string, { p50Ms, p99Ms }: Figures, over: number | null) =>
    `| ${what} | ${p50Ms.toFixed(1)} ms | ${p99Ms.toFixed(1)} ms | ${over === null ? "" : `${(p50Ms - over).toFixed(1)} ms`} |`;
  const cost = real ? real.ours.p50Ms - real.nothing.p50Ms : raw.ours.p50Ms - raw.nothing.p50Ms;
  return [
    "## What a hook call costs the agent",
    "",
    `Claude Code's own hooks, decided, recorded and reported. Aim: below ${aimMs} ms p50 over a hook that does nothing. Reached: ${cost.toFixed(1)} ms${cost < aimMs ? "" : " (missed)"}.`,
    "",
    "| | p50 | p99 | over a hook that does nothing |",
    "| --- | ---: | ---: | ---: |",
    row("PreToolUse over HTTP, a server that does nothing", raw.nothing, null),
    row("PreToolUse over HTTP, Pullcord", raw.ours, raw.nothing.p50Ms),
    ...(real
      ? [
          row(`real client, ${sessionCalls} calls, no hooks`, real.none, null),
          row("real client, all our hooks, a server that does nothing", real.nothing, null),
          row("real client, all our hooks, Pullcord", real.ours, real.nothing.p50Ms),
        ]
      : ["", "The real client was not there (PULLCORD_TEST_CLAUDE names its program)."]),
  ].join("\n");
}
