import { PullcordError, type MakeUndo, type Undo } from "@pullcord/sdk/protocol";
import type { PlannedUndo, UndoResult } from "../domain/snapshots.js";
import { appendEntry } from "../store/audit.js";
import { unfinishedUndos, findUndo, insertUndo, updateUndo } from "../store/undos.js";
import type { StoredRun } from "../store/runs.js";
import type { Command, Outside } from "./context.js";
import { requireRun } from "./require.js";
import { systemCaller, type Caller, type CommandRunner } from "./runner.js";
import { previewUndo, runOf } from "./preview-undo.js";

/**
 * Takes back what a run did (E25, E26, A21): a human act, on record before anything is touched, and again with what came
 * of it. What the preview names is done, all of it or nothing; what somebody changed since is left and listed.
 */
export async function makeUndo(runner: CommandRunner, caller: Caller, { digest, reason, ...scope }: MakeUndo): Promise<Undo> {
  requireHeld(await requireRun(runner.store.read, caller.actor, await runOf(runner, caller.actor, scope)), runner.outside);
  const { preview, planned } = await previewUndo(runner, caller.actor, scope);
  if (digest !== undefined && digest !== planned.digest) {
    const text = "Something changed since the preview was made. Look at it again, then undo.";
    throw new PullcordError("conflict", "preview_outdated", text, { field: "/digest" });
  }
  if (digest === undefined && planned.changes.some(({ of }) => of === "command" || of === "custom")) {
    const text = "This undo runs programs. Look at its preview first, then send its digest along.";
    throw new PullcordError("invalid", "preview_required", text, { field: "/digest" });
  }
  const undo = await runner.run(
    recordUndo,
    { runId: preview.runId, kind: preview.kind, of: scope, ...(reason === undefined ? {} : { reason }), planned },
    caller,
  );
  planned.begin(undo.id);
  return finishUndo(runner, undo, caller);
}

/** Goes on with what a server was doing when it ended. */
export async function finishUndos(runner: CommandRunner): Promise<void> {
  const failures: unknown[] = [];
  for (const undo of await unfinishedUndos(runner.store.read)) {
    // One whose journal was spoilt on disk does not keep the others waiting.
    await finishUndo(runner, undo, systemCaller).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function finishUndo(runner: CommandRunner, undo: Undo, caller: Caller): Promise<Undo> {
  const { snapshots } = runner.outside;
  const result = await snapshots.carryOut(undo.id);
  return runner.run(recordUndoEnd, { id: undo.id, result }, { ...caller, idempotencyKey: undefined });
}

type NewUndo = Pick<Undo, "runId" | "kind" | "of" | "reason"> & { readonly planned: PlannedUndo };

const recordUndo: Command<NewUndo, Undo> = async ({ tx, now, actor, outside }, { planned, ...parts }) => {
  const run = await requireRun(tx, actor, parts.runId);
  requireHeld(run, outside);
  const { changes, conflicts, digest } = planned;
  const undo: Undo = {
    ...parts,
    id: outside.newId("undos"),
    by: actor,
    at: now,
    status: "running",
    restored: [],
    conflicts,
    unverified: [],
  };
  await insertUndo(tx, undo);
  await appendEntry(tx, {
    type: "undo.made",
    at: now,
    actor,
    runId: run.id,
    ...(parts.of.action === undefined ? {} : { actionId: parts.of.action }),
    body: {
      undo: undo.id,
      kind: undo.kind,
      paths: changes.length,
      conflicts: conflicts.length,
      digest,
      ...(undo.reason === undefined ? {} : { reason: undo.reason }),
    },
  });
  return undo;
};

const recordUndoEnd: Command<{ readonly id: string; readonly result: UndoResult }, Undo> = async ({ tx, now, actor }, { id, result }) => {
  const undo = await findUndo(tx, id);
  if (!undo) throw new PullcordError("not_found", "unknown_undo", `There is no undo ${id}.`);
  const { conflicts, ...came } = result;
  const isFailed = result.failure !== undefined;
  const ended: Undo = {
    ...undo,
    ...came,
    conflicts: [...undo.conflicts, ...conflicts],
    status: isFailed ? "failed" : "done",
    endedAt: now,
  };
  await updateUndo(tx, ended);
  await appendEntry(tx, {
    type: "undo.ended",
    at: now,
    actor,
    runId: undo.runId,
    body: {
      undo: id,
      status: ended.status,
      restored: ended.restored.length,
      conflicts: ended.conflicts.map(({ path }) => path),
      unverified: [...ended.unverified],
      ...(ended.heldOpen && { heldOpen: ended.heldOpen.map(({ path }) => path) }),
      ...(ended.failure === undefined ? {} : { failure: ended.failure }),
    },
  });
  return ended;
};

/** What a running agent does meanwhile could not be told from what is taken back. */
export function requireHeld({ id, state }: StoredRun, { snapshots }: Pick<Outside, "snapshots">): void {
  if (state.status === "running") {
    const text = `Run ${id} is still running. Stop it first (pullcord stop ${id}), or pause it to undo while it waits.`;
    throw new PullcordError("conflict", "run_running", text);
  }
  if (state.status !== "paused" || !snapshots.isUnderWay(id)) return;
  const text = `Run ${id} is paused in the middle of an action. Undo when that has ended, or stop the run first (pullcord stop ${id}).`;
  throw new PullcordError("conflict", "action_under_way", text);
}
