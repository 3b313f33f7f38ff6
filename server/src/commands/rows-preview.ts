import type { Action, ApprovalRequest, RowsPreview } from "@pullcord/sdk/protocol";
import { countedRows, hiddenBy, unlessStale, untriedRows, withoutPromise } from "../domain/rows-preview.js";
import type { Reading } from "../domain/reading.js";
import type { RowsTask } from "../domain/snapshots.js";
import { findAction } from "../store/actions.js";
import { withAction, type StoredRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { beginRowsPreview, findRowsPreview, removeRowsPreview, saveRowsPreview } from "../store/rows-previews.js";
import type { StoredRun } from "../store/runs.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { isPlanRowsWanted, recordPlanRows } from "./plan-rows.js";
import { systemCaller, type CommandRunner } from "./runner.js";

/** Has the rows previewed that an action would change, once the question about it is on record (E36). */
export async function previewRowsOf(
  { tx, now, outside, afterCommit }: CommandContext,
  run: StoredRun,
  { action: { id, agent }, reading }: { readonly action: Action; readonly reading: Reading | null },
): Promise<void> {
  const rows = reading?.rowsToTry;
  if (rows === undefined || "why" in rows) return;
  await beginRowsPreview(tx, id, now);
  const hidden = hiddenBy(outside.policy(), rows);
  if (hidden !== null) return saveRowsPreview(tx, id, { status: "untried", why: hidden });
  const questions = [{ rows, workingDirectory: run.opening.workingDirectory ?? null }];
  afterCommit(() => outside.previewRows({ agent, of: { kind: "action", actionId: id }, questions }));
}

interface Previewed {
  readonly actionId: string;
  readonly preview: RowsPreview;
}

/**
 * Puts what was tried beside the question. Only while it waits: what nobody was shown is no part of what they approved.
 * The entry has no run, since a run's agent hears of all that its run's entries say.
 */
const recordRowsPreview: Command<Previewed, void> = async ({ tx, now, actor }, { actionId, preview }) => {
  const action = await findAction(tx, actionId);
  if (action?.state.status !== "waiting") return removeRowsPreview(tx, actionId);
  await saveRowsPreview(tx, actionId, preview);
  const request = action.state.approvalRequestId;
  await appendEntry(tx, { type: "approval.previewed", at: now, actor, body: { request, status: preview.status } });
};

/** That an approved action was not run, since it would not do what was shown; for people alone, as what was shown is. */
export const recordOutgrown: Command<{ readonly actionId: string; readonly why: string }, void> = async (
  { tx, now, actor },
  { actionId, why },
) => {
  await appendEntry(tx, { type: "approval.outgrown", at: now, actor, body: { action: actionId, why } });
};

/** How long one dry run previews rows in all, in milliseconds: others wait for their turn. */
const dryRunPreviewMs = 15_000;

/** Previews the rows of actions that nobody proposed: at once, and nothing of it is kept. */
export function rowsPreviewer({ outside }: Pick<LookContext, "outside">, run: StoredRun, signal: AbortSignal) {
  const workingDirectory = run.opening.workingDirectory ?? null;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(dryRunPreviewMs)]);
  return async ({ rowsToTry: rows }: Reading): Promise<RowsPreview | undefined> => {
    if (rows === undefined || "why" in rows) return undefined;
    const hidden = hiddenBy(outside.policy(), rows);
    if (hidden !== null) return { status: "untried", why: hidden };
    return outside.snapshots.previewRows({ rows, workingDirectory }, bounded).catch(untriedRows);
  };
}

/** For whoever previews: whether a question still waits, and where the preview goes. */
export function rowsDesk(runner: () => CommandRunner) {
  return {
    isWanted: async ({ of }: RowsTask): Promise<boolean> => {
      const { read } = runner().store;
      return of.kind === "plan" ? isPlanRowsWanted(read, of) : (await findAction(read, of.actionId))?.state.status === "waiting";
    },
    report: async ({ of }: RowsTask, previews: readonly RowsPreview[]): Promise<void> => {
      const [preview] = previews;
      if (of.kind === "plan") await runner().run(recordPlanRows, { ...of, previews }, systemCaller);
      else if (preview) await runner().run(recordRowsPreview, { actionId: of.actionId, preview }, systemCaller);
    },
  };
}

/** A request as people see it, with what is known of its rows; in a list, counted only. */
export async function requestForPeople(
  { tx, now }: Pick<LookContext, "tx" | "now">,
  stored: StoredRequest,
  { isListed = false } = {},
): Promise<ApprovalRequest> {
  const request = await withAction(tx, stored);
  const rows = await rowsPreviewOf({ tx, now }, stored.actionId);
  if (rows === undefined) return request;
  return { ...request, action: withoutPromise(request.action, rows), rows: isListed ? countedRows(rows) : rows };
}

/** What people are shown of an action's rows; undefined where there is nothing to preview. */
export async function rowsPreviewOf({ tx, now }: Pick<LookContext, "tx" | "now">, actionId: string): Promise<RowsPreview | undefined> {
  const kept = await findRowsPreview(tx, actionId);
  return kept && unlessStale(kept.preview, now - kept.at);
}
