import type { ProposedAction, RowsPreview } from "@pullcord/sdk";
import { judgeAction } from "../../domain/judge-action.js";
import type { Reading } from "../../domain/reading.js";
import { prepareReading } from "../../domain/risk/read-action.js";
import { untriedRows, withoutPromise } from "../../domain/rows-preview.js";
import { fileDatabase } from "../../snapshots/connections.js";
import { previewFiles } from "../../snapshots/databases.js";
import type { Cli } from "../cli.js";
import type { Call } from "../verb.js";
import { showDryRun } from "../views/dry-run.js";
import { judgmentOf } from "./judge-line.js";
import { benchFor } from "./judge-lines.js";

/** How long rows are previewed, in milliseconds. */
const previewMs = 15_000;

/** Judges one command without a server, and tries which rows of SQLite files it would change (E11). */
export async function judgeCommand(cli: Cli, call: Call): Promise<void> {
  const bench = benchFor(cli, call);
  const { workingDirectory } = cli.surroundings;
  await prepareReading();
  const command = call.argument(0);
  const proposed: ProposedAction = { type: "command_execute", arguments: { command }, workingDirectory };
  const surroundings = call.text("setting") === undefined ? { ...bench.surroundings, databaseAt: fileDatabase } : bench.surroundings;
  const judged = judgeAction(proposed, { ...bench, surroundings });
  const isTried = judged.effect !== "deny" && !call.isOff("rows");
  const rows = isTried ? await rowsOf(judged.reading, surroundings.workspace, cli.signal) : undefined;
  const { assessment } = withoutPromise(judged.reading, rows);
  if (cli.isJson) {
    const judgment = judgmentOf(null, { ...judged, reading: { ...judged.reading, assessment } }, { withPreview: true });
    return cli.screen.json({ ...judgment, ...(rows && { rows }) });
  }
  showDryRun(cli.screen, { effect: judged.effect, reasons: judged.reasons, assessment, ...(rows && { rows }) }, command);
}

async function rowsOf({ rowsToTry }: Reading, workspace: string | null, signal: AbortSignal): Promise<RowsPreview | undefined> {
  if (rowsToTry === undefined || "why" in rowsToTry) return undefined;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(previewMs)]);
  return previewFiles(rowsToTry, { workspace, now: Date.now(), signal: bounded }).catch(untriedRows);
}
