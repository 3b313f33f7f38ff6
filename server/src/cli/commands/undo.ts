import { PullcordError, type PathChange, type Undo, type UndoPreview, type UndoScope } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { isConfirmed } from "../is-confirmed.js";
import { exitStatus } from "../exit-status.js";
import { refuseAgent } from "../person-only.js";
import { escapeLine } from "../screen/escape.js";
import type { Call, Verb } from "../verb.js";
import { allOption, showChanges, showHeldOpen, showLeft, showNotKept, showRuns } from "../views/changes.js";

export const yesOption = { flags: "--yes", summary: "run what is shown without asking, where it runs programs" };

/** Takes back what a run or an action did. */
export const undo: Verb = {
  usage: "undo <run|action>",
  summary: "take back what a run or an action did: files, rows, effects of commands",
  details:
    "Shows what will go back and what stays, then does it: all of it, or nothing when a step fails.\nWhat somebody changed since is never overwritten: merged where that is clean, and else left and listed. A running run has to be stopped or paused first.\nThe exit status is 1 when something stays. pullcord redo takes the undo back.",
  options: [
    { flags: "--to <action>", summary: "only what came after this action" },
    { flags: "--only <path...>", summary: "only these files and folders, or rows: shop.db/orders" },
    { flags: "--reason <text>", summary: "why, for the record" },
    { flags: "--dry-run", summary: "only show what would be done, with diffs" },
    allOption,
    yesOption,
  ],
  examples: ["undo r7k2", "undo r7k2 --dry-run", "undo r7k2 --to a3f9", "undo a3f9", "undo r7k2 --only src/app.ts docs"],
  run: (cli, call) => undoNow(cli, call, { scope: scopeOf(call) }),
};

function scopeOf(call: Call): UndoScope {
  const id = call.argument(0);
  const only = call.list("only");
  const to = call.text("to");
  const narrowed = { ...(to === undefined ? {} : { to }), ...(only.length === 0 ? {} : { only }) };
  if (id.startsWith("r")) return { run: id, ...narrowed };
  if (id.startsWith("a")) return { action: id, ...narrowed };
  throw new PullcordError(
    "invalid",
    "id",
    `${id} is no run and no action. Runs begin with r, actions with a. An undo is taken back with: pullcord redo ${id}`,
  );
}

interface Undoing {
  readonly scope: UndoScope;
  /** Does what was shown, in place of a plain undo. */
  readonly make?: (digest: string) => Promise<Undo>;
}

/** Previews and does, the same way for undo, redo and discarding. */
export async function undoNow(cli: Cli, call: Call, { scope, make = undoBy(cli, call, scope) }: Undoing): Promise<number> {
  const { screen, isJson } = cli;
  const isDry = call.has("dryRun");
  if (!isDry) refuseAgent(cli, "undo");
  const preview = await cli.person().previewUndo(scope, { signal: cli.signal });
  if (isDry && isJson) screen.json(preview);
  const asks = !isDry && outward(preview).length > 0;
  if (!isJson) {
    showChanges(screen, preview.changes, { withDiffs: isDry, isAll: call.has("all") });
    if (!isDry) showRuns(screen, outward(preview));
    // Whoever is asked knows before what will stay; else it is told with what was done.
    if (isDry || asks || preview.changes.length === 0) showLeft(screen, preview.conflicts);
    if (isDry) showNotKept(screen, preview.notKept);
  }
  const left = preview.conflicts.length > 0 ? exitStatus.no : exitStatus.ok;
  if (isDry) return left;
  if (preview.changes.length === 0) {
    if (isJson) screen.json(preview);
    else screen.line(preview.conflicts.length === 0 ? "There is nothing to take back." : "Nothing was changed: all of it stays as it is.");
    return left;
  }
  // What runs programs is done only after somebody has seen it.
  if (asks && !(await isConfirmed(cli, call, "Do this?"))) {
    screen.line("Nothing was changed.");
    return exitStatus.no;
  }
  const done = await make(preview.digest);
  if (isJson) screen.json(done);
  else sayDone(cli, done, preview.notKept);
  return isWhole(done) ? exitStatus.ok : exitStatus.no;
}

/** What an undo does outside files and databases: it runs programs, or has a program of the agent's do it. */
function outward({ changes }: UndoPreview): PathChange[] {
  return changes.filter(({ of }) => of === "command" || of === "custom");
}

function undoBy(cli: Cli, call: Call, scope: UndoScope): (digest: string) => Promise<Undo> {
  const reason = call.text("reason");
  return (digest) => cli.person().undo({ ...scope, digest, ...(reason === undefined ? {} : { reason }) });
}

function isWhole({ status, conflicts, unverified }: Undo): boolean {
  return status === "done" && conflicts.length === 0 && unverified.length === 0;
}

function sayDone(
  { screen }: Cli,
  { id, kind, status, restored, conflicts, unverified, heldOpen = [], failure }: Undo,
  notKept: readonly string[],
): void {
  const { paint } = screen;
  screen.line();
  if (status === "failed") {
    screen.sentence(paint.red(`Nothing was changed: a step could not be done. ${escapeLine(failure ?? "")}`));
  } else {
    const changes = restored.length === 1 ? "1 change" : `${restored.length} changes`;
    const checked = unverified.length === 0 ? "each checked" : `${unverified.length} looked different right afterwards`;
    screen.line(`${kind === "undo" ? "Undone" : "Redone"}: ${changes}, ${checked}. Record: ${id}`);
  }
  showLeft(screen, conflicts);
  for (const path of unverified) screen.line(paint.red(`Looked different right afterwards: ${escapeLine(path)}`));
  showHeldOpen(screen, heldOpen);
  showNotKept(screen, notKept);
  if (status === "done") screen.line(paint.faint(`pullcord redo ${id} takes this back.`));
}
