import type { ActionState, Outcome } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { transitionAction, type ActionEvent } from "./action-state.js";

const outcome: Outcome = { status: "succeeded" };
const states: readonly (ActionState | null)[] = [
  null,
  { status: "held", at: 1 },
  { status: "allowed" },
  { status: "waiting", approvalRequestId: "q1" },
  { status: "approved", approvalRequestId: "q1" },
  { status: "running", startedAt: 2 },
  { status: "denied", at: 1, reason: "no" },
  { status: "succeeded", at: 1, outcome },
  { status: "failed", at: 1, outcome },
  { status: "skipped", at: 1, outcome },
  { status: "cancelled", at: 1, reason: "stopped" },
];
const events: readonly ActionEvent[] = [
  { kind: "hold" },
  { kind: "allow" },
  { kind: "ask", approvalRequestId: "q1" },
  { kind: "deny", reason: "no" },
  { kind: "approve" },
  { kind: "start" },
  { kind: "end", outcome },
  { kind: "end", outcome: { status: "skipped" } },
  { kind: "cancel", reason: "stopped" },
];
const no = "action_not_ready";
const over = Array.from({ length: events.length }, () => "action_over");
/** Rows are states, columns events. */
const expected: readonly (readonly string[])[] = [
  ["held", "allowed", "waiting", "denied", no, no, no, no, no],
  ["held", "allowed", "waiting", "denied", no, no, no, no, "cancelled"],
  [no, no, no, no, no, no, "succeeded", "skipped", no],
  [no, no, no, "denied", "approved", no, no, no, "cancelled"],
  [no, no, no, no, no, "running", no, "skipped", "cancelled"],
  [no, no, no, no, no, no, "succeeded", "skipped", no],
  over,
  over,
  over,
  over,
  over,
];

it.each(
  states.flatMap((state, row) =>
    events.map((event, column) => [state?.status ?? "new", event.kind, { state, event, to: expected[row]?.[column] }] as const),
  ),
)("an action that is %s takes %s", (_status, _kind, { state, event, to }) => {
  const next = transitionAction(state, event, 10);
  expect("ok" in next ? next.ok.status : next.problem.reason).toBe(to);
});
