import { reversibilities, type DryRunAction, type Effect } from "@pullcord/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readingOf } from "./facts-for-tests.js";
import { planOf } from "./plan.js";

const step = fc
  .record({
    effect: fc.constantFrom<Effect>("allow", "require_approval", "deny"),
    score: fc.integer({ min: 0, max: 100 }),
    reversibility: fc.constantFrom(...reversibilities),
    isRead: fc.boolean(),
  })
  .map(({ effect, score, reversibility, isRead }): DryRunAction => {
    const { assessment } = readingOf({ assessment: { score, reversibility } });
    const proposed = { type: "command_execute", arguments: {} } as const;
    const reasons = [{ step: "policy", sentence: "So it is." }] as const;
    return { proposed, assessment: isRead ? assessment : null, effect, reasons, approvalLevel: "none", obligations: [] };
  });

describe("a plan", () => {
  it("is never better than any step in it, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const plan = planOf(steps);
        expect(planOf(steps.toReversed())).toEqual(plan);
        for (const { effect, assessment } of steps) {
          if (effect === "deny") expect(plan.effect).toBe("deny");
          if (effect === "require_approval") expect(plan.effect).not.toBe("allow");
          expect(plan.score).toBeGreaterThanOrEqual(assessment?.score ?? 100);
          const own = reversibilities.indexOf(assessment?.reversibility ?? "irreversible");
          expect(reversibilities.indexOf(plan.reversibility)).toBeGreaterThanOrEqual(own);
        }
      }),
    );
  });

  it("of one step is that step", () => {
    const assessment = readingOf({ assessment: { score: 64, reversibility: "irreversible" } }).assessment;
    const only: DryRunAction = {
      proposed: { type: "command_execute", arguments: {} },
      assessment,
      effect: "require_approval",
      reasons: [{ step: "policy", sentence: "So it is." }],
      approvalLevel: "required",
      obligations: [],
    };
    expect(planOf([only])).toEqual({ effect: "require_approval", reversibility: "irreversible", score: 64, level: "high" });
  });
});
