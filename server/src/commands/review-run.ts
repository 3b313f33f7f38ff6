import {
  isPullcordError,
  PullcordError,
  type Actor,
  type KeepPreview,
  type MakeReview,
  type ReviewOutcome,
  type RunReview,
} from "@pullcord/sdk/protocol";
import { commitMessage } from "../domain/commit-message.js";
import type { PlannedKeep } from "../domain/snapshots.js";
import { appendEntry } from "../store/audit.js";
import { insertRunReview, listRunReviews } from "../store/run-reviews.js";
import { readAccount } from "./run-account.js";
import { changesOf } from "./changes.js";
import type { Command } from "./context.js";
import { requireRun } from "./require.js";
import type { Caller, CommandRunner } from "./runner.js";
import { makeUndo, requireHeld } from "./undo.js";

/** Reserved by RFC 2606: nobody can have an address there. */
const nobodysHost = "pullcord.invalid";

/** A person's answer to the review of one run. */
export interface AskedReview {
  readonly runId: string;
  readonly review: MakeReview;
}

/** All that a run changed, with what can become of it (E28, A18). Looks at the machine, writes nothing on record. */
export async function readReview(runner: CommandRunner, actor: Actor, runId: string): Promise<RunReview> {
  const { store, outside } = runner;
  const run = await requireRun(store.read, actor, runId);
  if (run.state.status === "stopped" || run.state.status === "finished") await outside.snapshots.settle(runId);
  const { changes, notKept } = await changesOf(runner, actor, runId);
  const account = await readAccount(store.read, run);
  return { account, changes, notKept, keep: await previewKeep(runner, actor, runId), outcomes: await listRunReviews(store.read, runId) };
}

/**
 * Keeps, discards or leaves what a run changed: a human act, on record (E20, E28).
 * @throws PullcordError `conflict` when the run goes on, when there is nothing to keep or no repository to keep it in, when
 * the branch is there, or when something changed since it was shown
 */
export async function makeReview(runner: CommandRunner, caller: Caller, asked: AskedReview): Promise<ReviewOutcome> {
  const { runId, review } = asked;
  requireHeld(await requireRun(runner.store.read, caller.actor, runId), runner.outside);
  return runner.run(recordReview, { runId, reason: review.reason, came: await carryOut(runner, caller, asked) }, caller);
}

async function carryOut(runner: CommandRunner, caller: Caller, { runId, review }: AskedReview): Promise<Came> {
  if (review.outcome === "leave") return { outcome: "left" };
  if (review.outcome === "keep") return keep(runner, caller.actor, { runId, wanted: review });
  const { digest, reason } = review;
  const wanted = { run: runId, ...(digest === undefined ? {} : { digest }), ...(reason === undefined ? {} : { reason }) };
  const undo = await makeUndo(runner, { ...caller, idempotencyKey: undefined }, wanted);
  if (undo.status === "failed") {
    const text = `Nothing was discarded: a step could not be done. ${undo.failure ?? ""}`;
    throw new PullcordError("conflict", "undo_failed", text);
  }
  return { outcome: "discarded", undoId: undo.id, restored: undo.restored.length, conflicts: undo.conflicts };
}

type Came =
  | Pick<Extract<ReviewOutcome, { outcome: "kept" }>, "outcome" | "branch" | "commit" | "base" | "paths" | "left">
  | Pick<Extract<ReviewOutcome, { outcome: "discarded" }>, "outcome" | "undoId" | "restored" | "conflicts">
  | Pick<Extract<ReviewOutcome, { outcome: "left" }>, "outcome">;

interface Keeping {
  readonly runId: string;
  readonly wanted: Extract<MakeReview, { outcome: "keep" }>;
}

async function keep(runner: CommandRunner, actor: Actor, { runId, wanted }: Keeping): Promise<Came> {
  const { planned, account } = await planKeep(runner, actor, runId);
  if (wanted.digest !== undefined && wanted.digest !== planned.digest) {
    const text = "What would be kept is not what was shown any more. Look at the review again, then keep.";
    throw new PullcordError("conflict", "preview_outdated", text, { field: "/digest" });
  }
  const { base, paths, left, person } = planned;
  const branch = wanted.branch ?? branchOf(runId);
  await planned.requireName(branch);
  const message = commitMessage({ account, paths, left, message: wanted.message, keptBy: actor.id });
  const commit = await planned.commit({
    branch,
    message,
    author: { name: account.agent, email: `${account.agent}@${nobodysHost}` },
    committer: { name: person.name ?? actor.id, email: person.email ?? `${actor.id}@${nobodysHost}` },
  });
  return { outcome: "kept", branch, commit, base: base?.commit ?? null, paths, left };
}

async function previewKeep(runner: CommandRunner, actor: Actor, runId: string): Promise<KeepPreview> {
  try {
    const { planned, account } = await planKeep(runner, actor, runId);
    const { base, paths, left, digest } = planned;
    const message = commitMessage({ account, paths, left, keptBy: null });
    return { isPossible: true, branch: branchOf(runId), base, message, paths, left, digest };
  } catch (error) {
    if (!isPullcordError(error)) throw error;
    return { isPossible: false, reason: error.reason, sentence: error.message };
  }
}

async function planKeep(
  { store, outside }: CommandRunner,
  actor: Actor,
  runId: string,
): Promise<{ planned: PlannedKeep; account: RunReview["account"] }> {
  const run = await requireRun(store.read, actor, runId);
  const planned = await outside.snapshots.planKeep(runId, run.opening.workingDirectory ?? null);
  return { planned, account: await readAccount(store.read, run) };
}

function branchOf(runId: string): string {
  return `pullcord/${runId}`;
}

interface NewReview {
  readonly runId: string;
  readonly reason: string | undefined;
  readonly came: Came;
}

const recordReview: Command<NewReview, ReviewOutcome> = async ({ tx, now, actor, outside }, { runId, reason, came }) => {
  const run = await requireRun(tx, actor, runId);
  const because = reason === undefined ? {} : { reason };
  const outcome: ReviewOutcome = { id: outside.newId("run_reviews"), runId, by: actor, at: now, ...because, ...came };
  await insertRunReview(tx, outcome);
  await appendEntry(tx, {
    type: "run.reviewed",
    at: now,
    actor,
    runId: run.id,
    body: { review: outcome.id, ...because, ...summaryOf(came) },
  });
  return outcome;
};

/** For the record: counts, and the names that lead on. */
function summaryOf(came: Came) {
  if (came.outcome === "kept") return { ...came, paths: came.paths.length, left: came.left.map(({ path }) => path) };
  if (came.outcome === "discarded") return { ...came, conflicts: came.conflicts.map(({ path }) => path) };
  return came;
}
