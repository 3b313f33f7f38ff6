import type { Actor, Resolution } from "@pullcord/sdk/protocol";
import { describe, expect, it } from "vitest";
import { permitUseMs, transitionApproval, type ApprovalEvent, type ApprovalState } from "./approval-state.js";

const by: Actor = { kind: "person", id: "ada" };
const resolution = (status: Resolution["status"]): Resolution => ({ status, by, at: 5 });
const expiresAt = 100;
const states: readonly ApprovalState[] = [
  { status: "pending", expiresAt },
  { status: "approved", expiresAt, resolution: resolution("approved"), consumedAt: null },
  { status: "approved", expiresAt, resolution: resolution("approved"), consumedAt: 6 },
  { status: "denied", resolution: resolution("denied") },
  { status: "expired", resolution: resolution("expired") },
  { status: "cancelled", resolution: resolution("cancelled") },
];
const events: readonly ApprovalEvent[] = [
  { kind: "approve", by },
  { kind: "deny", by, reason: "no" },
  { kind: "expire" },
  { kind: "cancel", by, reason: "stopped" },
  { kind: "consume" },
];
/** Rows are states, columns events, in time. */
const expected: readonly (readonly string[])[] = [
  ["approved", "denied", "not_expired", "cancelled", "not_approved"],
  ["already_approved", "already_approved", "already_approved", "already_approved", "approved"],
  ["already_approved", "already_approved", "already_approved", "already_approved", "already_consumed"],
  ["already_denied", "already_denied", "already_denied", "already_denied", "already_denied"],
  ["approval_expired", "approval_expired", "approval_expired", "approval_expired", "approval_expired"],
  ["already_cancelled", "already_cancelled", "already_cancelled", "already_cancelled", "already_cancelled"],
];

function after(state: ApprovalState | undefined, event: ApprovalEvent | undefined, now: number): string {
  if (!state || !event) throw new Error("no such case");
  const next = transitionApproval(state, event, now);
  return "ok" in next ? next.ok.status : next.problem.reason;
}

describe("before it expires", () => {
  it.each(
    states.flatMap((state, row) =>
      events.map((event, column) => [state.status, event.kind, { state, event, to: expected[row]?.[column] }] as const),
    ),
  )("a request that is %s takes %s", (_status, _kind, { state, event, to }) => {
    expect(after(state, event, 10)).toBe(to);
  });
});

describe("at the boundary", () => {
  it.each([
    ["approve", 99, "approved"],
    ["approve", 100, "approval_expired"],
    ["deny", 100, "approval_expired"],
    ["expire", 99, "not_expired"],
    ["expire", 100, "expired"],
    ["cancel", 100, "cancelled"],
  ] as const)("%s at %i gives %s", (kind, now, to) => {
    expect(
      after(
        states[0],
        events.find((event) => event.kind === kind),
        now,
      ),
    ).toBe(to);
  });

  it("lets a late approval be used for a while, and then no more", () => {
    expect(after(states[1], { kind: "consume" }, 5 + permitUseMs - 1)).toBe("approved");
    expect(after(states[1], { kind: "consume" }, 5 + permitUseMs)).toBe("approval_expired");
  });
});

it("keeps who answered, why and with which presence check", () => {
  const presence = { method: "hold", checkId: "p1" } as const;
  expect(transitionApproval({ status: "pending", expiresAt }, { kind: "approve", by, reason: "fine", presence }, 7)).toEqual({
    ok: { status: "approved", expiresAt, consumedAt: null, resolution: { status: "approved", by, at: 7, reason: "fine", presence } },
  });
});
