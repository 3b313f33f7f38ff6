import type { Action, ApprovalRequest, RowsPreview } from "@pullcord/sdk/protocol";
import { hiddenBy, rowsUnseen, withoutPromise } from "../domain/rows-shown.js";
import type { Reading } from "../domain/reading.js";
import type { RowsTask } from "../domain/snapshots.js";
import { findAction } from "../store/actions.js";
import { withAction, type StoredRequest } from "../store/approvals.js";
import { appendEntry } from "../store/audit.js";
import { beginRowsPreview, findRowsPreview, removeRowsPreview, saveRowsPreview } from "../store/rows-previews.js";
import type { StoredRun } from "../store/runs.js";
import type { Command, CommandContext, LookContext } from "./context.js";
import { systemCaller, type CommandRunner } from "./runner.js";

/** After this time nobody looks any more, in milliseconds: the server was restarted meanwhile. */
const staleMs = 120_000;

/** Has the rows looked at that an action would change, once the question about it is on record (E36). */
export async function lookAtRowsOf(
  { tx, now, outside, afterCommit }: CommandContext,
  run: StoredRun,
  { action: { id, agent }, reading }: { readonly action: Action; readonly reading: Reading | null },
): Promise<void> {
  const rows = reading?.rowsToTry;
  if (rows === undefined || "why" in rows) return;
  await beginRowsPreview(tx, id, now);
  const hidden = hiddenBy(outside.policy(), rows);
  if (hidden !== null) return saveRowsPreview(tx, id, { status: "unseen", why: hidden });
  const task = { actionId: id, agent, rows, workingDirectory: run.opening.workingDirectory ?? null };
  afterCommit(() => outside.lookAtRows(task));
}

interface Seen {
  readonly actionId: string;
  readonly preview: RowsPreview;
}

/**
 * Puts what was seen beside the question. Only while it waits: what nobody was shown is no part of what they approved.
 * The entry has no run, since a run's agent hears of all that its run's entries say.
 */
const recordRows: Command<Seen, void> = async ({ tx, now, actor }, { actionId, preview }) => {
  const action = await findAction(tx, actionId);
  if (action?.state.status !== "waiting") return removeRowsPreview(tx, actionId);
  await saveRowsPreview(tx, actionId, preview);
  const request = action.state.approvalRequestId;
  await appendEntry(tx, { type: "approval.previewed", at: now, actor, body: { request, status: preview.status } });
};

/** That an approved action was not run, since it would not do what was shown; for people alone, as what was shown is. */
export const recordChangedRows: Command<{ readonly actionId: string; readonly why: string }, void> = async (
  { tx, now, actor },
  { actionId, why },
) => {
  await appendEntry(tx, { type: "approval.outgrown", at: now, actor, body: { action: actionId, why } });
};

/** How long one dry run looks at rows in all, in milliseconds: others wait for their turn. */
const dryRunLookMs = 15_000;

/** Looks at the rows of actions that nobody proposed: at once, and nothing of it is kept. */
export function rowsLook({ outside }: Pick<LookContext, "outside">, run: StoredRun, signal: AbortSignal) {
  const workingDirectory = run.opening.workingDirectory ?? null;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(dryRunLookMs)]);
  return async ({ rowsToTry: rows }: Reading): Promise<RowsPreview | undefined> => {
    if (rows === undefined || "why" in rows) return undefined;
    const hidden = hiddenBy(outside.policy(), rows);
    if (hidden !== null) return { status: "unseen", why: hidden };
    return outside.snapshots.lookAtRows({ rows, workingDirectory }, bounded).catch(rowsUnseen);
  };
}

/** For whoever looks: whether a question still waits, and where what was seen goes. */
export function rowsDesk(runner: () => CommandRunner) {
  return {
    isWanted: async ({ actionId }: RowsTask) => (await findAction(runner().store.read, actionId))?.state.status === "waiting",
    report: ({ actionId }: RowsTask, preview: RowsPreview) => runner().run(recordRows, { actionId, preview }, systemCaller),
  };
}

/** A request as people see it, with what is known of its rows; in a list, counted only. */
export async function requestForPeople(
  { tx, now }: Pick<LookContext, "tx" | "now">,
  stored: StoredRequest,
  { isListed = false } = {},
): Promise<ApprovalRequest> {
  const request = await withAction(tx, stored);
  const rows = await rowsShownOf({ tx, now }, stored.actionId);
  if (rows === undefined) return request;
  const shown = isListed && rows.status === "seen" ? { ...rows, tables: rows.tables.map((table) => ({ ...table, first: [] })) } : rows;
  return { ...request, action: withoutPromise(request.action, rows), rows: shown };
}

/** What people are shown of an action's rows; undefined where there is nothing to see. */
export async function rowsShownOf({ tx, now }: Pick<LookContext, "tx" | "now">, actionId: string): Promise<RowsPreview | undefined> {
  const kept = await findRowsPreview(tx, actionId);
  if (kept?.preview.status !== "looking" || now - kept.at < staleMs) return kept?.preview;
  return { status: "unseen", why: "Pullcord was restarted while it looked at them." };
}
