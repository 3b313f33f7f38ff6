import { actionLine, type Actor, type Reversibility, type RunChanges } from "@pullcord/sdk/protocol";
import { listActions } from "../store/actions.js";
import { listRunReviews } from "../store/run-reviews.js";
import type { StoredRun } from "../store/runs.js";
import { requireRun } from "./require.js";
import type { CommandRunner } from "./runner.js";

/** Actions looked through for what no undo reaches, the newest first. */
const actionsLookedAt = 1_000;
const mostNamed = 20;

/** What is said of an action that is beyond undo by what it is; of others, only what was seen. */
const beyondWords: Partial<Record<Reversibility, string>> = {
  irreversible: "cannot be undone",
  externally_reversible: "can only be undone where it took effect",
};

/** Everything that a run changed and that was kept. @throws PullcordError `unavailable`/`no_snapshots_here` */
export async function changesOf(runner: CommandRunner, actor: Actor, runId: string): Promise<RunChanges> {
  const { store, outside } = runner;
  const run = await requireRun(store.read, actor, runId);
  const isReviewed = (await listRunReviews(store.read, runId)).length > 0;
  return { runId, changes: await outside.snapshots.changesOf(runId), notKept: await notKept(runner, run), isReviewed };
}

/** What undo does not reach of a run: effects that nothing was kept of, and files that are not kept (E26). */
export async function notKept({ store, outside }: CommandRunner, run: StoredRun): Promise<string[]> {
  const actions = await listActions(store.read, { runId: run.id, externalId: undefined, cursor: undefined, limit: actionsLookedAt });
  const accounts = Map.groupBy(outside.snapshots.beyondFilesOf(run.id), ({ actionId }) => actionId);
  const beyond = actions.flatMap(({ id, proposed, assessment, state }) => {
    const isDone = state.status === "succeeded" || state.status === "failed" || state.status === "running";
    const own = accounts.get(id) ?? [];
    const stays = own.some((account) => account.stays);
    const way = (assessment && beyondWords[assessment.reversibility]) ?? (stays ? "is not taken back as a whole" : undefined);
    const isTakenBack = own.length > 0 && own.every(({ notKept: why }) => why === null);
    if (!isDone || way === undefined || isTakenBack) return [];
    const whys = own.flatMap(({ notKept: why }) => (why === null ? [] : [why]));
    return [`Beyond files, ${id} ${way}: ${actionLine(proposed)}${whys.length === 0 ? "" : ` (${whys.join("; ")})`}`];
  });
  const named = beyond.slice(0, mostNamed);
  const more = beyond.length > mostNamed ? [`And ${beyond.length - mostNamed} more actions with effects beyond files.`] : [];
  return [...(outside.snapshots.limitsOf(run.id, run.opening.workingDirectory ?? null) ?? []), ...named, ...more];
}
