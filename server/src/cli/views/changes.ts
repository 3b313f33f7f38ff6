import { changeCounts, changeGroups, type PathChange, type PathLeft, type Undo } from "@pullcord/sdk";
import { escapeLine } from "../screen/escape.js";
import type { Screen } from "../screen/screen.js";
import { clockTime } from "../screen/time.js";

const signs: Record<PathChange["kind"], string> = { added: "+", changed: "~", removed: "-" };

/** Most changes of one group that are shown one by one: two hundred rows are a wall. */
const mostShown = 20;

export const allOption = { flags: "--all", summary: `show every change, not only the first ${mostShown} of a kind` };

interface Showing {
  readonly withDiffs: boolean;
  /** Every single one. */
  readonly isAll?: boolean;
}

/**
 * Changes by what they are of, each with its diff and with what is run for it, or would take it back. Names and contents
 * are an agent's: every invisible character is drawn.
 */
export function showChanges(screen: Screen, changes: readonly PathChange[], { withDiffs, isAll = false }: Showing): void {
  const { paint } = screen;
  const groups = changeGroups(changes);
  for (const { of, title, changes: own } of groups) {
    if (groups.length > 1) screen.line(`${paint.strong(escapeLine(title))}  ${paint.faint(changeCounts(own))}`);
    // What runs a program is never done unseen.
    const shown = isAll || of === "command" || of === "custom" ? own : own.slice(0, mostShown);
    showOneByOne(screen, shown, withDiffs);
    if (own.length > shown.length) screen.line(paint.faint(`  and ${own.length - shown.length} more (--all shows them)`));
  }
}

function showOneByOne(screen: Screen, changes: readonly PathChange[], withDiffs: boolean): void {
  const { paint } = screen;
  for (const { of, kind, path, sentence, diff, runs, actionIds } of changes) {
    const by = actionIds.length === 0 ? "" : paint.faint(`  ${actionIds.join(", ")}`);
    screen.line(`${paint.accent(signs[kind])} ${paint.strong(escapeLine(path))}  ${paint.faint(escapeLine(sentence))}${by}`);
    const isTold = actionIds.length > 0;
    if (isTold) runLines(screen, runs, "undo runs");
    if (!withDiffs) continue;
    const lines = diff === null ? [] : diff.replace(/\n$/, "").split("\n");
    // Where in a row a column stands says nothing.
    for (const line of lines.filter((one) => of !== "database" || !one.startsWith("@@")))
      screen.line(`    ${diffLine(screen, escapeLine(line))}`);
    if (!isTold) runLines(screen, runs);
  }
}

/** What is run, each line once, where changes are not shown with it. */
export function showRuns(screen: Screen, changes: readonly PathChange[]): void {
  runLines(screen, [...new Set(changes.flatMap(({ runs }) => runs))]);
}

function runLines(screen: Screen, runs: readonly string[], word = "runs"): void {
  for (const line of runs) screen.line(`    ${screen.paint.faint(word)} ${escapeLine(line)}`);
}

function diffLine({ paint }: Screen, line: string): string {
  if (line.startsWith("@@")) return paint.faint(line);
  return line.startsWith("+") || line.startsWith("-") ? paint.strong(line) : line;
}

/** What stays as it is, and why. */
export function showLeft(screen: Screen, left: readonly PathLeft[]): void {
  const many = left.length === 1 ? "1 stays as it is" : `${left.length} stay as they are`;
  showWhy(screen, many, left);
}

/** What a kept commit lacks, and why. */
export function showNotCommitted(screen: Screen, left: readonly PathLeft[]): void {
  showWhy(screen, "Not in the commit", left);
}

/** What went back under a program that goes on writing into what stood there. */
export function showHeldOpen(screen: Screen, heldOpen: readonly PathLeft[]): void {
  showWhy(screen, "Went back, but a program still writes into what stood there", heldOpen);
}

function showWhy(screen: Screen, title: string, left: readonly PathLeft[]): void {
  if (left.length === 0) return;
  screen.line();
  screen.line(screen.paint.amber(`${title}:`));
  for (const { path, sentence } of left) screen.line(`! ${screen.paint.strong(escapeLine(path))}  ${escapeLine(sentence)}`);
}

/** An undo on record: who took back what, and what came of it. */
export function showUndo(
  screen: Screen,
  { id, kind, runId, by, at, reason, status, restored, conflicts, unverified, heldOpen = [], failure }: Undo,
): void {
  screen.line(`${screen.paint.strong(`${kind === "undo" ? "Undo" : "Redo"} ${id}`)}  of run ${runId}: ${status}`);
  screen.field("By", `${by.kind} ${escapeLine(by.id)}, ${clockTime(at)}`);
  if (reason !== undefined) screen.field("Reason", escapeLine(reason));
  if (failure !== undefined) screen.field("Failure", escapeLine(failure));
  for (const path of restored) screen.line(`  ${escapeLine(path)}`);
  showLeft(screen, conflicts);
  for (const path of unverified) screen.line(screen.paint.red(`Looked different right afterwards: ${escapeLine(path)}`));
  showHeldOpen(screen, heldOpen);
}

export function showNotKept(screen: Screen, sentences: readonly string[]): void {
  if (sentences.length === 0) return;
  screen.line();
  for (const sentence of sentences) screen.sentence(escapeLine(sentence));
}
