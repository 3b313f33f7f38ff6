import type { Plan } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { planOfCommands } from "./plan-for-tests.js";
import { transitionPlan, type PlanEvent } from "./state.js";

const by = { kind: "person", id: "ada" } as const;
const ended = { why: "finished", at: 1, by } as const;
const resolved = (status: "denied" | "expired" | "cancelled"): Partial<Plan> => ({ status, resolution: { status, by, at: 1 } });

const states: Readonly<Record<string, Partial<Plan>>> = {
  pending: { status: "pending", resolution: null, holdsUntil: null, expiresAt: 100 },
  "too late": { status: "pending", resolution: null, holdsUntil: null, expiresAt: 10 },
  approved: {},
  ended: { ended },
  denied: resolved("denied"),
  expired: resolved("expired"),
  cancelled: resolved("cancelled"),
};
const events: Readonly<Record<string, PlanEvent>> = {
  approve: { kind: "approve", by, forMs: 50 },
  "approve for too long": { kind: "approve", by, forMs: 8 * 24 * 3_600_000 },
  deny: { kind: "deny", by },
  expire: { kind: "expire" },
  cancel: { kind: "cancel", by, reason: "the run ended" },
  end: { kind: "end", why: "revoked", by },
};

/** What comes of each event in each state: the next state, or the reason why there is none. */
// oxfmt-ignore
const table: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pending:    { approve: "approved", "approve for too long": "grant_time", deny: "denied", expire: "not_expired", cancel: "cancelled", end: "not_approved" },
  "too late": { approve: "approval_expired", "approve for too long": "grant_time", deny: "approval_expired", expire: "expired", cancel: "cancelled", end: "not_approved" },
  approved:   { approve: "already_approved", "approve for too long": "grant_time", deny: "already_approved", expire: "already_approved", cancel: "already_approved", end: "ended" },
  ended:      { approve: "already_approved", "approve for too long": "grant_time", deny: "already_approved", expire: "already_approved", cancel: "already_approved", end: "already_ended" },
  denied:     { approve: "already_denied", "approve for too long": "grant_time", deny: "already_denied", expire: "already_denied", cancel: "already_denied", end: "not_approved" },
  expired:    { approve: "approval_expired", "approve for too long": "grant_time", deny: "approval_expired", expire: "approval_expired", cancel: "approval_expired", end: "not_approved" },
  cancelled:  { approve: "already_cancelled", "approve for too long": "grant_time", deny: "already_cancelled", expire: "already_cancelled", cancel: "already_cancelled", end: "not_approved" },
};

const cases = Object.entries(table).flatMap(([state, row]) => Object.entries(row).map(([event, result]) => ({ state, event, result })));

it.each(cases)("a plan that is $state, at $event: $result", ({ state, event, result }) => {
  const next = transitionPlan(planOfCommands(["make a"], states[state]), events[event]!, 10);
  if ("problem" in next) expect(next.problem.reason).toBe(result);
  else expect(next.ok.ended && result === "ended" ? "ended" : next.ok.status).toBe(result);
});

it("holds for as long as the person said, from the answer on", () => {
  const next = transitionPlan(planOfCommands(["make a"], states["pending"]), events["approve"]!, 10);
  expect(next).toMatchObject({ ok: { holdsUntil: 60, expiresAt: 100 } });
});
