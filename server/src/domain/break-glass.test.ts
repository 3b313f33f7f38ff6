import { breakGlassMaxMs, type BreakGlassUse } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { covers, report } from "./break-glass.js";

const use: BreakGlassUse = {
  id: "b1",
  scope: { kind: "everything" },
  by: { kind: "person", id: "ada" },
  at: 100,
  expiresAt: 200,
  actions: 0,
};
const run = { id: "r1", agent: "claude-code" };

it.each<[string, Partial<BreakGlassUse>, number, boolean]>([
  ["from its first millisecond", {}, 100, true],
  ["not before", {}, 99, false],
  ["not at its expiry", {}, 200, false],
  ["not after it was ended", { endedAt: 150 }, 150, false],
  ["until it was ended", { endedAt: 150 }, 149, true],
  ["its run", { scope: { kind: "run", id: "r1" } }, 150, true],
  ["no other run", { scope: { kind: "run", id: "r2" } }, 150, false],
  ["its agent", { scope: { kind: "agent", id: "claude-code" } }, 150, true],
  ["no other agent", { scope: { kind: "agent", id: "codex" } }, 150, false],
  ["nothing when a program broke it", { by: { kind: "system", id: "clock" } }, 150, false],
  ["no longer than the longest, whatever the record says", { expiresAt: Infinity }, 100 + breakGlassMaxMs, false],
])("covers %s", (...[, part, now, expected]) => {
  expect(covers({ ...use, ...part }, run, now)).toBe(expected);
});

it("reports the rate by day, empty days included", () => {
  const day = 86_400_000;
  const uses = [0, 10, 2 * day, 3 * day].map((at) => ({ ...use, at }));
  const decisions = new Map([
    ["1970-01-01", 100],
    ["1970-01-03", 100],
  ]);
  expect(report(uses, decisions, { from: 0, to: 3 * day })).toEqual({
    from: 0,
    to: 3 * day,
    uses: 3,
    gatedDecisions: 200,
    rate: 0.015,
    days: [
      { day: "1970-01-01", uses: 2, gatedDecisions: 100 },
      { day: "1970-01-02", uses: 0, gatedDecisions: 0 },
      { day: "1970-01-03", uses: 1, gatedDecisions: 100 },
    ],
  });
});

it("has the rate 0 when nothing was gated", () => {
  expect(report([use], new Map(), { from: 0, to: 1_000 }).rate).toBe(0);
});
