import { actionLine, type Actor, type RunChanges } from "@pullcord/sdk/protocol";
import { listActions } from "../store/actions.js";
import { listRunReviews } from "../store/run-reviews.js";
import type { StoredRun } from "../store/runs.js";
import { requireRun } from "./require.js";
import type { CommandRunner } from "./runner.js";

/** Actions looked through for what no undo reaches, the newest first. */
const actionsLookedAt = 1_000;
const mostNamed = 20;

/** Everything that a run changed and that was kept. @throws PullcordError `unavailable`/`no_snapshots_here` */
export async function changesOf(runner: CommandRunner, actor: Actor, runId: string): Promise<RunChanges> {
  const { store, outside } = runner;
  const run = await requireRun(store.read, actor, runId);
  const isReviewed = (await listRunReviews(store.read, runId)).length > 0;
  return { runId, changes: outside.snapshots.changesOf(runId), notKept: await notKept(runner, run), isReviewed };
}

/** What undo does not reach of a run: effects that nothing was kept of, and files that are not kept (E26). */
export async function notKept({ store, outside }: CommandRunner, run: StoredRun): Promise<string[]> {
  const actions = await listActions(store.read, { runId: run.id, externalId: undefined, cursor: undefined, limit: actionsLookedAt });
  const beyondFiles = new Map(outside.snapshots.beyondFilesOf(run.id).map(({ actionId, notKept: why }) => [actionId, why]));
  const beyond = actions.filter(
    ({ id, assessment, state }) =>
      beyondFiles.get(id) !== null &&
      (state.status === "succeeded" || state.status === "failed" || state.status === "running") &&
      (assessment?.reversibility === "irreversible" || assessment?.reversibility === "externally_reversible"),
  );
  const named = beyond.slice(0, mostNamed).map(({ id, proposed, assessment }) => {
    const ways = assessment?.reversibility === "irreversible" ? "cannot be undone" : "can only be undone where it took effect";
    const why = beyondFiles.get(id);
    return `Beyond files, ${id} ${ways}: ${actionLine(proposed)}${why === undefined || why === null ? "" : ` (${why})`}`;
  });
  const more = beyond.length > mostNamed ? [`And ${beyond.length - mostNamed} more actions with effects beyond files.`] : [];
  return [...(outside.snapshots.limitsOf(run.id, run.opening.workingDirectory ?? null) ?? []), ...named, ...more];
}
