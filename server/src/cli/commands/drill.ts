import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { containmentWords, PullcordError, type DrillReport, type DrillSummary } from "@pullcord/sdk";
import { grades } from "../../processes/containment/index.js";
import { drillStop } from "../../processes/drill/drill.js";
import type { Cli } from "../cli.js";
import { exitStatus } from "../exit-status.js";
import { escapeLine } from "../screen/escape.js";
import { parseDuration } from "../screen/time.js";
import type { Call, Verb } from "../verb.js";

const mostTimes = 1_000;
const shortestPauseMs = 60_000;
const ownerOnlyFolder = 0o700;
const ownerOnlyFile = 0o600;

const stop: Verb = {
  usage: "stop",
  summary: "start harmless workloads, stop them, and keep what that showed",
  details:
    "Seven shapes that are hard to end: plain, a session of its own, a double fork, an orphan, a cleared environment, one that ignores TERM, a storm of forks. Each is seen alive, stopped with the best containment that works here and without any, and looked for afterwards.\nThe report is kept in the data folder, and in the record when a server answers. From a timer: pullcord drill stop --json.",
  options: [
    { flags: "--times <n>", summary: "rounds of each shape (default: 3)" },
    { flags: "--containment <kind>", summary: "only this one", choices: grades.map(({ kind }) => kind) },
    { flags: "--every <time>", summary: "again and again, for example 24h, until Ctrl+C" },
  ],
  endsItself: true,
  examples: ["drill stop", "drill stop --times 200", "drill stop --every 24h"],
  run: async (cli, call) => {
    const pauseMs = pauseOf(call);
    for (let isAllPassed = true; ;) {
      const report = await drillOnce(cli, call);
      isAllPassed &&= report.isPassed;
      const isOver = pauseMs === null || cli.signal.aborted;
      if (!isOver) await sleep(pauseMs, undefined, { signal: cli.signal }).catch(() => {});
      if (isOver || cli.signal.aborted) return isAllPassed ? exitStatus.ok : exitStatus.no;
    }
  },
};

/** Shows that what has to work in an emergency works today. */
export const drill: Verb = {
  usage: "drill",
  summary: "try out on harmless workloads that a stop stops",
  examples: ["drill stop"],
  verbs: [stop],
};

async function drillOnce(cli: Cli, call: Call): Promise<DrillReport> {
  const containment = grades.find(({ kind }) => kind === call.text("containment"))?.kind;
  const report = await drillStop({
    times: timesOf(call),
    containment,
    signal: cli.signal,
    onRound: ({ shape, containment: by }, n, of) => {
      if (!cli.isJson && (n % Math.ceil(of / mostNotes) === 0 || n === of)) cli.screen.note(`${n} of ${of}: ${shape}, ${by}`);
    },
  });
  const file = keep(cli, report);
  const seq = await record(cli, report);
  if (cli.isJson) cli.screen.json({ ...report, file, ...(seq === null ? {} : { seq }) });
  else say(cli, report, { file, seq });
  return report;
}

/** So many lines of progress, however many rounds. */
const mostNotes = 14;

function timesOf(call: Call): number {
  const times = Number(call.text("times") ?? "3");
  if (Number.isSafeInteger(times) && times >= 1 && times <= mostTimes) return times;
  throw new PullcordError("invalid", "times", `--times is a whole number from 1 to ${mostTimes}.`, { field: "/times" });
}

function pauseOf(call: Call): number | null {
  const text = call.text("every");
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms >= shortestPauseMs) return ms;
  throw new PullcordError("invalid", "every", "--every is a time of a minute or more, such as 24h.", { field: "/every" });
}

/** The evidence as a file, server or not. */
function keep({ settings }: Cli, report: DrillReport): string {
  const folder = join(settings.dataFolder, "drills");
  mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
  const file = join(folder, `stop-${new Date(report.startedAt).toISOString().replaceAll(":", "")}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`, { mode: ownerOnlyFile });
  return file;
}

/** The entry's number in the record; null without a server, or without a person who is signed in to it. */
async function record(cli: Cli, report: DrillReport): Promise<number | null> {
  try {
    return (await cli.person().recordDrill(report)).seq;
  } catch {
    return null;
  }
}

function say({ screen }: Cli, report: DrillReport, { file, seq }: { readonly file: string; readonly seq: number | null }): void {
  const { paint } = screen;
  screen.line(report.isPassed ? paint.accent("The stop works here.") : paint.red("THE STOP FAILED."));
  for (const summary of report.summaries) screen.field(summary.containment, summaryWords(summary));
  for (const { containment, reason } of report.missing) screen.field(containment, `does not work here: ${escapeLine(reason)}`);
  screen.field("Evidence", file);
  screen.field("Record", seq === null ? "no server took it" : `entry ${seq}`);
}

function summaryWords({ containment, rounds, left, unnamed, p50Ms, p99Ms }: DrillSummary): string {
  const survivors = left === 0 ? "none left" : `${left} left, ${unnamed} of them not named`;
  return `${rounds} stops, ${survivors}, p50 ${p50Ms} ms, p99 ${p99Ms} ms (${containmentWords[containment]})`;
}
