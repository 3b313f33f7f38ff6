import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyLog } from "../store/verify-log.js";
import { openTestGate, type TestGate } from "./gate-for-tests.js";
import { acts, expiresInMs, happened, Race } from "./race-for-tests.js";

/** Around the expiry of a question that was asked one step ago, or at the start. */
const pauses = [0, 0, 0, 1, 499, 998, 999, 1_000, 1_001] as const;
const runs = Number(process.env["PULLCORD_TEST_RACES"] ?? 150);
const limitMs = 60_000;

const steps = fc.array(
  fc.record({ afterMs: fc.constantFrom(...pauses), together: fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 6 }) }),
  { minLength: 1, maxLength: 8 },
);

// oxfmt-ignore
const waysToEnd = [
  "approval.resolved approved", "approval.resolved denied", "approval.resolved expired",
  "action.started", "action.ended succeeded", "action.cancelled", "run.stopped", "run.finished",
];

describe("races on one action", () => {
  let gate: TestGate;
  beforeAll(async () => {
    gate = await openTestGate();
  });
  afterAll(() => gate.close());

  it("end in exactly one way, start at most once, and never after a stop or the expiry (I1 to I7)", { timeout: limitMs }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const race = await Race.begin(gate);
        for (const { afterMs, together } of [{ afterMs: 0, together: ["ask" as const] }, ...sequence]) {
          gate.clock.now += afterMs;
          await race.run(together);
        }
        await race.check();
      }),
      { numRuns: runs },
    );
    expect(await verifyLog(gate.store.read)).toMatchObject({ ok: true });
    // The races were run: each way of ending was somebody's.
    expect([...happened]).toEqual(expect.arrayContaining(waysToEnd));
  });

  it.each([
    [-1, "approved"],
    [0, "expired"],
    [1, "expired"],
  ])("are decided by the expiry's own millisecond: answered %i ms after it, the request is %s", async (offset, status) => {
    const race = await Race.begin(gate);
    await race.run(["ask"]);
    gate.clock.now += expiresInMs + offset;
    await race.run(["approve", "expire"]);
    expect(await race.requestStatuses()).toEqual([status]);
    await race.check();
  });
});
