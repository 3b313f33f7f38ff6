import type { RunState } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { transitionRun, type RunEvent } from "./run-state.js";

const now = 10;
const states: readonly RunState[] = [
  { status: "running" },
  { status: "paused", interventionId: "i0", at: 1 },
  { status: "stopped", interventionId: "i0", at: 1 },
  { status: "finished", at: 1, result: "failed" },
];
const events: readonly RunEvent[] = [
  { kind: "pause", interventionId: "i1" },
  { kind: "resume", interventionId: "i1" },
  { kind: "stop", interventionId: "i1" },
  { kind: "finish", result: "succeeded" },
  { kind: "reopen" },
];
/** Rows are states, columns events. */
const expected: readonly (readonly string[])[] = [
  ["paused", "running", "stopped", "finished", "running"],
  ["paused", "running", "stopped", "finished", "paused"],
  ["run_stopped", "run_stopped", "stopped", "run_stopped", "run_stopped"],
  ["run_finished", "run_finished", "run_finished", "run_finished", "running"],
];

it.each(
  states.flatMap((state, row) =>
    events.map((event, column) => [state.status, event.kind, { state, event, to: expected[row]?.[column] }] as const),
  ),
)("a run that is %s takes %s", (_status, _kind, { state, event, to }) => {
  const next = transitionRun(state, event, now);
  expect("ok" in next ? next.ok.status : next.problem.reason).toBe(to);
});

it("keeps the first intervention on record when it is pressed twice", () => {
  const [, paused, stopped] = states;
  expect(transitionRun(paused as RunState, { kind: "pause", interventionId: "i9" }, now)).toEqual({ ok: paused });
  expect(transitionRun(stopped as RunState, { kind: "stop", interventionId: "i9" }, now)).toEqual({ ok: stopped });
});

it("notes who stopped it and when", () => {
  expect(transitionRun({ status: "running" }, { kind: "stop", interventionId: "i1" }, now)).toEqual({
    ok: { status: "stopped", interventionId: "i1", at: now },
  });
});
