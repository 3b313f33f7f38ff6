import type { MakeReview, ReviewOutcome, RunReview } from "@pullcord/sdk/protocol";
import { id } from "./actions.js";
import type { Route } from "./routes.js";
import { record, type FakeState } from "./state.js";
import { changesOf, makeUndo } from "./undos.js";

/** The end of a run, as the server would tell it. */

const base = { commit: "3f9a1c7e52d04b86a1f0c93d7be2456810ad9c4f", subject: "Prices by country" };

function review(state: FakeState, runId: string): RunReview {
  const run = state.runs.get(runId);
  const { changes, notKept } = changesOf(state, runId);
  const actions = state.actions.get(runId) ?? [];
  const line = ({ id: actionId, proposed }: (typeof actions)[number]) => ({
    actionId,
    line: String(proposed.arguments["command"] ?? proposed.arguments["path"] ?? proposed.type),
  });
  return {
    account: {
      runId,
      agent: run?.agent ?? "",
      task: run?.task ?? "",
      status: run?.state.status ?? "finished",
      openedAt: run?.openedAt ?? 0,
      endedAt: run && "at" in run.state ? run.state.at : null,
      told: [],
      actions: actions.length,
      byStatus: { succeeded: 11, denied: 1 },
      byType: { command_execute: 8, file_write: 3 },
      did: actions.slice(0, 4).map(line),
      didBefore: 0,
      answers: actions.slice(0, 1).map((action) => ({
        ...line(action),
        effect: "approved",
        by: { kind: "person", id: "ada" },
        at: Date.now() - 120_000,
      })),
      forced: 0,
    },
    changes,
    notKept,
    keep: {
      isPossible: true,
      branch: `pullcord/${runId}`,
      base,
      message: `${run?.task ?? ""}\n\nAsked:\n    ${run?.task ?? ""}\n\nPullcord-Run: ${runId}\nPullcord-Agent: ${run?.agent ?? ""}\nPullcord-Paths: 3\n`,
      paths: changes.flatMap(({ of, path }) => (of === "file" ? [path] : [])),
      left: [{ of: "file", path: "dist/shop.js", sentence: "Git ignores it." }],
      digest: "e".repeat(64),
    },
    outcomes: state.reviews.filter((one) => one.runId === runId),
  };
}

function makeReview(state: FakeState, runId: string, wanted: MakeReview): ReviewOutcome {
  const { keep } = review(state, runId);
  const made = { id: id("e"), runId, by: { kind: "person", id: "ada", via: "console" }, at: Date.now() } as const;
  const outcome = outcomeOf();
  state.reviews.push(outcome);
  record(state, "run.reviewed", { runId, body: { review: outcome.id, outcome: outcome.outcome } });
  return outcome;

  function outcomeOf(): ReviewOutcome {
    if (wanted.outcome === "leave") return { ...made, outcome: "left" };
    if (wanted.outcome === "discard") {
      const undo = makeUndo(state, { run: runId });
      return { ...made, outcome: "discarded", undoId: undo.id, restored: undo.restored.length, conflicts: undo.conflicts };
    }
    const { paths, left, branch } = keep.isPossible ? keep : { paths: [], left: [], branch: "" };
    return { ...made, outcome: "kept", branch: wanted.branch ?? branch, commit: "b71c".repeat(10), base: base.commit, paths, left };
  }
}

export const reviewRoutes: readonly Route[] = [
  ["GET", /^\/v1\/runs\/(\w+)\/review$/u, ({ state }, run) => review(state, run)],
  ["POST", /^\/v1\/runs\/(\w+)\/review$/u, ({ state, body }, run) => makeReview(state, run, body as unknown as MakeReview)],
];
