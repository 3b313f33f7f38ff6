import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { captureCostReport } from "./capture-cost.ts";
import { dayReport } from "./day.ts";
import { fanoutReport } from "./fanout.ts";
import { frontierReport } from "./frontier.ts";
import { judgingReport } from "./judging.ts";
import { killFileReport } from "./kill-file.ts";
import { measureGate, type GateFigures } from "./measuring/gate.ts";
import { gateReport } from "./measuring/report.ts";
import { surroundings } from "./measuring/surroundings.ts";
import { backtestReport } from "./policy/backtest.ts";
import { rowsCostReport } from "./rows-cost.ts";
import { policyReport } from "./policy/report.ts";
import { swapReport } from "./policy/swap.ts";
import { stopReport } from "./stop.ts";

/**
 * `npm run bench`: measures what has to be fast, and writes it down with the aims it is held against.
 *
 *     npm run bench -- --seconds 2 --rounds 3
 *     npm run bench -- --postgres postgres://…      the same on PostgreSQL
 *     npm run bench -- frontier                     only asks how much is missed and asked about (docs/judgment.md)
 *     npm run bench -- day                          only how often a coding agent asks in a day (docs/autonomy.md)
 *     npm run bench -- judging                      only what reading an action takes
 *     npm run bench -- policy                       only decisions by rules, against CASL and Cedar
 *     npm run bench -- capture                      only what a snapshot costs (docs/undo.md)
 *     npm run bench -- rows --postgres URL --mysql URL only what a trial of rows costs (docs/undo.md)
 *     npm run bench -- stop --rounds 200            only how long stops take (docs/stop.md)
 *     npm run bench -- kill-file --rounds 4         only how long the kill file takes on a busy machine (docs/stop.md)
 *     npm run bench -- fanout                       only how fast a stop reaches 10,000 streams, and gets through a flood
 *     npm run bench -- --dry                        prints, and leaves RESULTS.md alone
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    postgres: { type: "string" },
    mysql: { type: "string" },
    dry: { type: "boolean", default: false },
  },
});

const folder = mkdtempSync(join(process.env["PULLCORD_BENCH_FOLDER"] ?? tmpdir(), "pullcord-bench-"));
const alone: Readonly<Record<string, () => string | Promise<string>>> = {
  frontier: frontierReport,
  day: dayReport,
  judging: judgingReport,
  policy: async () => [await policyReport(Number(values.seconds) * 1_000), await swapReport(), await backtestReport()].join("\n\n"),
  capture: captureCostReport,
  rows: () => rowsCostReport(values.postgres, values.mysql),
  stop: () => stopReport(Number(values.rounds)),
  "kill-file": () => killFileReport(folder, Number(values.rounds)),
  fanout: () => fanoutReport(folder),
};
if (positionals.length > 0) {
  for (const name of positionals) process.stdout.write(`${(await alone[name]?.()) ?? `There is no part called ${name}.`}\n`);
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

const resultsFile = fileURLToPath(new URL("RESULTS.md", import.meta.url));
try {
  const options = { folder, measureMs: Number(values.seconds) * 1_000, rounds: Number(values.rounds), databaseUrl: values.postgres };
  const figures: GateFigures = await measureGate(options);
  const sections = [
    "# What is fast, measured",
    surroundings(figures.databases),
    gateReport(figures),
    await policyReport(options.measureMs),
    await hookCost(),
    await captureCostReport(),
    await rowsCostReport(values.postgres, values.mysql),
    await fanoutReport(folder),
  ];
  const text = `${sections.filter((section) => section !== "").join("\n\n")}\n`;
  if (!values.dry) writeFileSync(resultsFile, text);
  process.stdout.write(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Measured beside the adapter that it belongs to. */
async function hookCost(): Promise<string> {
  const module = new URL("hook-cost.ts", import.meta.url);
  if (!existsSync(fileURLToPath(module))) return "";
  const { hookCostReport } = (await import(module.href)) as { hookCostReport: () => Promise<string> };
  return hookCostReport();
}
