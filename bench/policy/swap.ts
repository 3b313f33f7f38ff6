import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentClient } from "@pullcord/sdk/client";
import { startChild } from "../measuring/child.ts";
import { percentile } from "../measuring/statistics.ts";
import { aims, aimTable } from "./aims.ts";

/** Proposals one after the other; more would measure the queue and not the swap. */
const callers = 2;
const swaps = 4;
/** Before the first swap, and after each, in milliseconds. */
const betweenMs = 1_000;
/** A new version is in force by then, in milliseconds. */
const inForceMs = 30_000;

interface Decided {
  readonly atMs: number;
  readonly tookMs: number;
  readonly version: string;
  readonly sentence: string;
}

/** A policy of 10,000 rules swapped under load, as a section of RESULTS.md. */
export async function swapReport(): Promise<string> {
  const dataFolder = mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-swap-"));
  const file = join(dataFolder, "policy.yaml");
  writeFileSync(file, policyText(0));
  const server = await startChild<{ readonly url: string; readonly token: string }>("gate-server.ts", { agent: "bench", dataFolder });
  try {
    const stop = new AbortController();
    const decided: Decided[] = [];
    const load = Promise.all(Array.from({ length: callers }, () => decideUntil(stop.signal, server.said, decided)));
    await wait(betweenMs);
    const firstSwapMs = performance.now();
    for (let swap = 1; swap <= swaps; swap++) {
      writeFileSync(`${file}.new`, policyText(swap));
      renameSync(`${file}.new`, file);
      const until = performance.now() + inForceMs;
      while (decided.at(-1)?.sentence !== `version ${swap}` && performance.now() < until) await wait(betweenMs);
    }
    stop.abort();
    await load;
    return report(decided, firstSwapMs);
  } finally {
    await server.end();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

/** Every version denies the same command, each in words of its own, by the last of its rules. */
function policyText(version: number): string {
  const rules = Array.from(
    { length: aims.rules - 1 },
    (_, at) => `  - { id: r${at}, effect: deny, when: { agent: a${at % 100}, path: "/srv/p${at}/**" } }`,
  );
  return `version: 1\nrules:\n${rules.join("\n")}\n  - { id: last, effect: deny, when: { command: "make it" }, reason: "version ${version}" }\n`;
}

async function decideUntil(signal: AbortSignal, { url, token }: { readonly url: string; readonly token: string }, decided: Decided[]) {
  const client = new AgentClient({ url, token });
  const { id } = await client.openRun({ task: "swap" });
  while (!signal.aborted) {
    const atMs = performance.now();
    const { action } = await client.propose(id, { type: "command_execute", arguments: { command: "make it" } });
    const version = action.decision?.policyVersion ?? "";
    decided.push({ atMs, tookMs: performance.now() - atMs, version, sentence: action.decision?.reasons[0]?.sentence ?? "" });
  }
}

function report(decided: readonly Decided[], firstSwapMs: number): string {
  const said = new Map<string, Set<string>>();
  for (const { version, sentence } of decided) said.set(version, (said.get(version) ?? new Set<string>()).add(sentence));
  const mixed = [...said.values()].filter((sentences) => sentences.size !== 1).length;
  const [before, during] = [decided.filter(({ atMs }) => atMs < firstSwapMs), decided.filter(({ atMs }) => atMs >= firstSwapMs)].map(times);
  const longest = during?.at(-1) ?? Number.NaN;
  return [
    `## A policy of ${aims.rules.toLocaleString("en")} rules swapped under load`,
    `${swaps} swaps, ${callers} callers that propose one after the other, ${decided.length.toLocaleString("en")} decisions by ${said.size} versions; waits over HTTP, the load generator on the same machine.`,
    "| | p50 | p99 | longest |\n|---|---:|---:|---:|\n" + [row("no swap", before ?? []), row("swaps", during ?? [])].join("\n"),
    aimTable([
      {
        aim: "no decision by half a policy: every version says one thing",
        measured: `${mixed} versions said more`,
        isReached: mixed === 0 && said.size === swaps + 1,
      },
      { aim: `none waits more than ${aims.waitMs} ms`, measured: `${longest.toFixed(1)} ms`, isReached: longest <= aims.waitMs },
    ]),
  ].join("\n\n");
}

function times(decided: readonly Decided[]): number[] {
  return decided.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
}

function row(name: string, sorted: readonly number[]): string {
  const cells = [percentile(sorted, 0.5), percentile(sorted, 0.99), sorted.at(-1) ?? Number.NaN].map((ms) => `${ms.toFixed(1)} ms`);
  return `| ${[name, ...cells].join(" | ")} |`;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
