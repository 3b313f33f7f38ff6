import { grades } from "../server/dist/processes/containment/index.js";
import { drillStop } from "../server/dist/processes/drill/drill.js";
import { shapes } from "../server/dist/processes/drill/shapes.js";

/**
 * How long a stop takes until nothing is left, by containment: seven shapes of workloads, each seen alive before.
 *
 *     npm run bench -- stop --rounds 200
 */
const aimMs = 150;
const limitMs = 1_000;

export async function stopReport(rounds: number): Promise<string> {
  const rows: string[] = [];
  for (const { kind } of grades) {
    const report = await drillStop({ times: rounds, containment: kind, signal: new AbortController().signal, onRound: () => {} });
    const [summary] = report.summaries;
    const reason = report.missing.find(({ containment }) => containment === kind)?.reason ?? "";
    if (!summary) rows.push(`| ${kind} | does not work here: ${reason} | | | | |`);
    else rows.push(`| ${kind} | ${summary.rounds} | ${summary.left} | ${summary.unnamed} | ${summary.p50Ms} ms | ${summary.p99Ms} ms |`);
  }
  return `## How long a stop takes

${shapes.length} shapes (${shapes.map(({ name }) => name).join(", ")}), ${rounds} stops each, every workload seen alive before its stop and looked for
afterwards by its command line. From the stop on this machine until nothing is left; a process that ignores the request to end is given 100 ms.
Aims: p99 below ${limitMs} ms, if possible below ${aimMs}; nothing left that was contained, nothing unnamed otherwise.

| containment | stops | left | unnamed | p50 | p99 |
|---|---:|---:|---:|---:|---:|
${rows.join("\n")}`;
}
