import type { Intervention, InterventionEffect } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Paint } from "../screen/paint.js";
import { shortId } from "./rows.js";

export interface ReceiptView {
  readonly acknowledgedMs: number;
  /** Runs whose processes somebody ends and reports on. */
  readonly reporting: readonly string[];
  readonly paint: Paint;
}

/** True when every run that can report what became of its processes has done so. */
export function isComplete({ effects, runIds }: Intervention, reporting: readonly string[]): boolean {
  return reporting.filter((id) => runIds.includes(id)).every((id) => lastReport(effects, id) !== undefined);
}

/** What a stop did, and what of it is certain (E6). */
export function receiptLines(
  { effects, runIds, cancelledRequests, at }: Intervention,
  { acknowledgedMs, reporting, paint }: ReceiptView,
): string[] {
  const runs = runIds.length === 1 ? "1 run" : `${runIds.length} runs`;
  const requests = cancelledRequests === 0 ? "" : `, ${cancelledRequests} request${cancelledRequests === 1 ? "" : "s"} cancelled`;
  return [
    `Stopped ${runs}${requests}; nothing of it is allowed since ${acknowledgedMs} ms after you asked.`,
    ...runIds.map((id) => `  ${shortId(id)}  ${runLine(lastReport(effects, id), { at, isReporting: reporting.includes(id), paint })}`),
  ];
}

function lastReport(effects: readonly InterventionEffect[], runId: string): InterventionEffect | undefined {
  return effects.findLast((effect) => effect.runId === runId && (effect.step === "ended" || effect.step === "unproven"));
}

interface RunLine {
  readonly at: number;
  readonly isReporting: boolean;
  readonly paint: Paint;
}

function runLine(report: InterventionEffect | undefined, { at, isReporting, paint }: RunLine): string {
  if (report === undefined && !isReporting) return "no processes of its own are known; it stops at its next action";
  if (report === undefined) return paint.amber("no report about its processes yet: pullcord show INTERVENTION tells later");
  const ended = `${report.processesEnded ?? 0} process${report.processesEnded === 1 ? "" : "es"} ended`;
  const survivors = report.survivors ?? [];
  if (report.step === "ended") return `stopped in ${((report.at - at) / 1000).toFixed(1)} s, ${ended}, 0 survivors${saidBy(report)}`;
  const names = survivors.length === 0 ? (report.detail ?? "unknown") : survivors.join("; ");
  return paint.red(
    `NOT PROVEN STOPPED: ${ended}, ${survivors.length} survivor${survivors.length === 1 ? "" : "s"}: ${escapeLine(names)}${saidBy(report)}`,
  );
}

/** What Pullcord saw itself needs no source. */
function saidBy({ by }: InterventionEffect): string {
  return by.kind === "agent" ? ` (says ${escapeLine(by.id)}, which supervised it)` : "";
}
