import { bounds } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { approvalExpiry, isExpired, soonerExpiry } from "./approval-expiry.js";
import { policyOf } from "./facts-for-tests.js";
import { priority } from "./priority.js";
import { readingOf } from "./facts-for-tests.js";

const hour = 3_600_000;

it.each([
  ["review", undefined, hour],
  ["required", undefined, 24 * hour],
  ["required_2fa", undefined, hour / 12],
  ["admin_only", undefined, 24 * hour],
  ["required", 5, 5],
  ["review", 2 * hour, hour],
  ["none", undefined, 24 * hour],
  ["review", 0, hour],
] as const)("lets a %s request with the wish %s wait %i ms", (level, wishMs, waitMs) => {
  expect(approvalExpiry({ policy: policyOf(), level, wishMs }, 1_000)).toBe(1_000 + waitMs);
});

it("takes any length up to a year", () => {
  const policy = policyOf({ approval: { expiry: { review: "1y", required: "1s" } } });
  expect(approvalExpiry({ policy, level: "review" }, 0)).toBe(365 * 24 * hour);
  expect(approvalExpiry({ policy, level: "required" }, 0)).toBe(1_000);
  expect(approvalExpiry({ policy, level: "review" }, 0)).toBeLessThan(bounds.approvalWaitMs);
});

it("waits as long as the policy says for the type, in place of its level", () => {
  const policy = policyOf({ approval: { expiry_by_type: { deployment: "7d" } } });
  expect(approvalExpiry({ policy, level: "required", type: "deployment" }, 0)).toBe(7 * 24 * hour);
  expect(approvalExpiry({ policy, level: "required", type: "payment" }, 0)).toBe(24 * hour);
});

it("is expired from the very millisecond on, and never moves later", () => {
  expect([isExpired(5, 4), isExpired(5, 5), isExpired(5, 6), isExpired(Number.NaN, 0)]).toEqual([false, true, true, true]);
  expect([soonerExpiry(5, 9), soonerExpiry(5, 3)]).toEqual([5, 3]);
});

it.each([
  [0, 1, 0, 5],
  [71, 1, 0, 2],
  [70, 1, 0, 5],
  [85, 0.1, 9, 1],
  [0, 0.29, 0, 3],
  [0, 1, 3, 3],
])("gives score %i, confidence %d and %i failures priority %i", (...[score, confidence, recentFailures, expected]) => {
  expect(priority({ assessment: readingOf({ assessment: { score } }).assessment, claim: { confidence }, recentFailures })).toBe(expected);
});
