import { PullcordError, type Actor, type UndoPreview, type UndoScope } from "@pullcord/sdk/protocol";
import type { PlannedUndo } from "../domain/snapshots.js";
import { findUndo } from "../store/undos.js";
import { notKept } from "./changes.js";
import { requireAction, requireRun } from "./require.js";
import type { CommandRunner } from "./runner.js";

/**
 * What an undo would do now. Looks at the machine, writes nothing on record.
 * @throws PullcordError `invalid`/`undo_scope`, `not_found`, `unavailable`/`no_snapshots_here`
 */
export async function previewUndo(
  runner: CommandRunner,
  actor: Actor,
  scope: UndoScope,
): Promise<{ readonly preview: UndoPreview; readonly planned: PlannedUndo }> {
  const { store, outside } = runner;
  const runId = await runOf(runner, actor, scope);
  const run = await requireRun(store.read, actor, runId);
  // A run that was stopped in the middle of an action has done what it did.
  if (run.state.status === "stopped" || run.state.status === "finished") await outside.snapshots.settle(runId);
  const planned = await outside.snapshots.plan(runId, scope);
  const { digest, changes, conflicts } = planned;
  const kind = scope.undo === undefined ? "undo" : "redo";
  return { planned, preview: { runId, kind, digest, changes, conflicts, notKept: await notKept(runner, run) } };
}

/** The run that a scope is about. */
export async function runOf({ store }: CommandRunner, actor: Actor, { run, action, undo, to }: UndoScope): Promise<string> {
  if ([run, action, undo].filter((each) => each !== undefined).length !== 1 || (to !== undefined && run === undefined)) {
    const text = "Name one of run, action and undo; `to` goes with a run.";
    throw new PullcordError("invalid", "undo_scope", text, { field: "/run" });
  }
  if (run !== undefined) {
    if (to !== undefined && (await requireAction(store.read, actor, to)).runId !== run) {
      throw new PullcordError("invalid", "undo_scope", `Action ${to} is not one of run ${run}.`, { field: "/to" });
    }
    return run;
  }
  if (action !== undefined) return (await requireAction(store.read, actor, action)).runId;
  const found = await findUndo(store.read, undo ?? "");
  if (!found) throw new PullcordError("not_found", "unknown_undo", `There is no undo ${undo}.`);
  return found.runId;
}
