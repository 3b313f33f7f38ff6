import { type Action, actionLine, containmentWords, type RunningProcesses, type RunSummary } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { ago, clockTime } from "../screen/time.js";
import { riskWord, shortId, stateWord } from "./rows.js";

/** A run: what it is for, how it stands, and its newest actions. */
export function showRun(
  screen: Screen,
  run: RunSummary,
  { actions, processes }: { readonly actions: readonly Action[]; readonly processes: RunningProcesses },
): void {
  const { paint } = screen;
  screen.line(`${paint.strong(`Run ${run.id}`)}  ${stateWord(run, paint)}`);
  screen.field("Task", escapeLine(run.task));
  screen.field("Agent", `${escapeLine(run.agent)}, trust ${run.trustTier}, autonomy ${run.autonomy.level} (from ${run.autonomy.from})`);
  if (run.workingDirectory !== undefined) screen.field("In", escapeLine(run.workingDirectory));
  screen.field("Opened", `${clockTime(run.openedAt)}, seen ${ago(run.lastActivityAt, Date.now())}`);
  screen.field("Processes", containmentWords[run.containment]);
  if (run.progress) screen.field("Progress", `${run.progress.n} of ${run.progress.of}: ${escapeLine(run.progress.item)}`);
  const isOpen = run.state.status === "running" || run.state.status === "paused";
  if (run.now && isOpen) screen.field("Now", `${escapeLine(run.now.sentence)} (${run.now.status}, ${ago(run.now.since, Date.now())})`);
  screen.field("Counts", `${run.actions} actions, ${run.questions} questions, ${run.denied} denied, ${run.waiting} waiting`);
  if (isOpen) showProcesses(screen, processes);
  if (actions.length === 0) return;
  screen.line();
  screen.table(
    ["ACTION", "STATUS", "RISK", "WHAT", "WHEN"],
    actions.map((action) => actionRow(action, screen)),
    3,
  );
}

function showProcesses(screen: Screen, { items, unseen }: RunningProcesses): void {
  if (unseen !== null) screen.field("Unseen", unseen);
  if (items.length === 0) return;
  screen.line();
  screen.table(
    ["PROCESS", "DOES", "COMMAND"],
    items.map(({ pid, state, command }) => [String(pid), state, escapeLine(command)]),
    2,
  );
}

function actionRow({ id, state, assessment, proposed, proposedAt }: Action, { paint }: Screen): string[] {
  const risk = assessment ? riskWord(assessment.level, assessment.score, paint) : "unknown";
  return [shortId(id), state.status, risk, escapeLine(actionLine(proposed)), ago(proposedAt, Date.now())];
}
