import type { ReceiptAction, ReceiptStep, RunReceipt, StopReceipt } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Paint } from "../screen/paint.js";
import { shortId } from "./rows.js";

/** Most actions that a receipt names on the screen; `--json` has them all. */
const mostActions = 8;

const stepWords: Record<ReceiptStep["step"], string> = {
  requested: "requested",
  acknowledged: "acknowledged: nothing more is allowed",
  permits_revoked: "permits revoked",
  requests_cancelled: "approval requests cancelled",
  heard: "heard by the run's own gate",
  processes_ended: "processes ended",
};

/** A step with its time since the request, as it happens. */
export function stepLine({ step, at, count }: ReceiptStep, requestedAt: number): string {
  const since = `${Math.max(0, at - requestedAt)} ms`.padStart(9);
  return `${since}  ${stepWords[step]}${count === undefined || step === "acknowledged" ? "" : `: ${count}`}`;
}

/** What came of a stop: proven, or what is not known (E6), what was done and what was not, and how to go on (E7). */
export function receiptLines({ standing, sentence, runs, intervention }: StopReceipt, paint: Paint): string[] {
  const headline = escapeLine(sentence);
  return [
    standing === "stopped" ? headline : paint.red(headline),
    ...(intervention.unrecorded ? [paint.red(notOnRecord)] : []),
    ...runs.flatMap((run) => runLines(run, paint)),
  ];
}

const notOnRecord =
  "NOT ON RECORD: the server's database cannot write. It holds as long as the server runs; free its disk, and it is recorded.";

function runLines(run: RunReceipt, paint: Paint): string[] {
  return [
    `  ${shortId(run.runId)}  ${processesLine(run, paint)}`,
    ...run.processes.survivors.map((survivor) => paint.red(`        survivor: ${escapeLine(survivor)}`)),
    `        ${workLine(run)}`,
    ...run.actions.slice(0, mostActions).map((action) => `        ${fateWords[action.fate]}: ${escapeLine(action.sentence)}`),
    ...(run.actions.length > mostActions ? [`        and ${run.actions.length - mostActions} more`] : []),
    `        to go on: ${escapeLine(run.resume)}`,
  ];
}

const fateWords: Record<ReceiptAction["fate"], string> = {
  finished: "finished after the stop",
  cut_short: "cut short",
  unreported: "had begun, end unknown",
  never_begun: "never begun",
};

function processesLine({ processes, heardAt }: RunReceipt, paint: Paint): string {
  const { status, ended, survivors, unknown, detail, saidBy } = processes;
  const source = saidBy === undefined ? "" : ` (says ${escapeLine(saidBy)}, which supervised it)`;
  const counts = `${ended} process${ended === 1 ? "" : "es"} ended, ${survivors.length} survivor${survivors.length === 1 ? "" : "s"}${unknown === 0 ? "" : `, ${unknown} unknown`}`;
  switch (status) {
    case "ended":
      return `${counts}${source}`;
    case "unproven":
      return paint.red(`NOT PROVEN STOPPED: ${counts}${detail === undefined ? "" : `; ${escapeLine(detail)}`}${source}`);
    case "awaited":
      return paint.amber("no report about its processes yet");
    case "unwatched":
      return heardAt === undefined
        ? "no processes of its own are known; it stops at its next action"
        : "its gate heard the stop; no processes of its own are known";
  }
}

function workLine({ finished, permitsRevoked, requestsCancelled }: RunReceipt): string {
  return `done before: ${finished}; permits revoked: ${permitsRevoked}; requests cancelled: ${requestsCancelled}`;
}
