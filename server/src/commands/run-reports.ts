import {
  bounds,
  type JsonObject,
  type LogLine,
  type LogStream,
  type Progress,
  type RunProcess,
  type RunResult,
  type SafePointAnswer,
} from "@pullcord/sdk/protocol";
import { transitionRun } from "../domain/run-state.js";
import { requireOwnProcess } from "../domain/run-process.js";
import { nextOrThrow } from "../domain/transition.js";
import { listUnstartedActions } from "../store/actions.js";
import { appendEntry } from "../store/audit.js";
import { insertLogLine } from "../store/run-log.js";
import { updateRun, type StoredRun } from "../store/runs.js";
import type { Command } from "./context.js";
import { endPlansOf } from "./end-plan.js";
import { handInstructions } from "./instructions.js";
import { requireRun } from "./require.js";
import { endToken } from "./run-token.js";
import { cancelAction } from "./withdraw-action.js";

/** What a run says about itself while it goes on. */

/** The newest progress; not in the log, since it is about the moment. */
export const reportProgress: Command<{ readonly runId: string; readonly progress: Progress }, void> = async (
  { tx, now, actor },
  { runId, progress },
) => {
  const run = await requireRun(tx, actor, runId);
  run.progress = progress;
  run.lastActivityAt = now;
  await updateRun(tx, run);
};

/** Where the run's processes are; a client may learn it only after it opened the run, and the server only after a stop. */
export const reportProcess: Command<{ readonly runId: string; readonly process: RunProcess }, void> = async (
  { tx, now, actor, outside, afterCommit },
  { runId, process },
) => {
  const run = await requireRun(tx, actor, runId);
  requireOwnProcess(process, { id: run.id, externalId: run.opening.externalId ?? null, namedBy: actor.kind });
  const known = { ...run.opening.process, ...process };
  run.opening = { ...run.opening, process: known };
  await updateRun(tx, run);
  await appendEntry(tx, { type: "run.process_named", at: now, actor, runId: run.id, body: { ...(process as JsonObject) } });
  const { state } = run;
  if (state.status === "stopped") afterCommit(() => outside.endProcesses({ runId, interventionId: state.interventionId, process: known }));
};

type Output = readonly { readonly stream: LogStream; readonly text: string }[];

/** Where lines of output were put: behind the one with this number. */
interface LogPlace {
  readonly behind: number;
  readonly at: number;
}

/** Keeps output lines. What it answers is kept for a repeated call, so it is not the lines once more. */
export const appendLog: Command<{ readonly runId: string; readonly lines: Output }, LogPlace> = async (
  { tx, now, actor },
  { runId, lines },
) => {
  const run = await requireRun(tx, actor, runId);
  const place = { behind: run.tally.logSeq, at: now };
  for (const line of logLines(lines, place)) await insertLogLine(tx, run.id, line);
  run.tally.logSeq += lines.length;
  run.lastActivityAt = now;
  await updateRun(tx, run);
  return place;
};

/** Lines as they are kept: a longer one is cut with a mark, since output is shown and never approved. */
export function logLines(lines: Output, { behind, at }: LogPlace): LogLine[] {
  const cut = (text: string) => (text.length > bounds.logLineLength ? `${text.slice(0, bounds.logLineLength)}…` : text);
  return lines.map(({ stream, text }, index) => ({ seq: behind + index + 1, at, stream, text: cut(text) }));
}

/** Whether the run may go on (P28), and what people have to say to it. */
export const passSafePoint: Command<{ readonly runId: string }, SafePointAnswer> = async (context, { runId }) => {
  const run = await requireRun(context.tx, context.actor, runId);
  const instructions = await handInstructions(context, run);
  if (context.outside.killFilePresent())
    return { status: "stopped", guidance: "Pullcord: everything is stopped by the kill file.", instructions };
  const { status } = context.outside.unrecorded.stateOf(run);
  return { status, guidance: guidance[status], instructions };
};

const guidance: Record<StoredRun["state"]["status"], string> = {
  running: "",
  paused: "Pullcord: a person paused this run. It goes on when they resume it.",
  stopped: "Pullcord: a person stopped this run. Do nothing more and tell your human.",
  finished: "Pullcord: this run has finished.",
};

/** The run is over by itself. What still waits is cancelled, its own token ends. Finishing a stopped run leaves it stopped. */
export const finishRun: Command<{ readonly runId: string; readonly result: RunResult }, StoredRun> = async (context, { runId, result }) => {
  const { tx, now, actor } = context;
  const run = await requireRun(tx, actor, runId);
  await endToken(context, run);
  if (run.state.status === "stopped" || run.state.status === "finished") return run;
  for (const action of await listUnstartedActions(tx, run.id, ["held", "waiting", "approved"])) {
    await cancelAction(context, { run, action }, { by: actor, reason: "The run ended." });
  }
  await endPlansOf(context, run, { why: "run_finished", reason: "The run ended." });
  run.state = nextOrThrow(transitionRun(run.state, { kind: "finish", result }, now));
  run.lastActivityAt = now;
  await updateRun(tx, run);
  await appendEntry(tx, { type: "run.finished", at: now, actor, runId: run.id, body: { result } });
  return run;
};
