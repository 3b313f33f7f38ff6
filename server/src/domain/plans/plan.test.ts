import {
  reversibilities,
  type ApprovalLevel,
  type DryRunAction,
  type Effect,
  type Reversibility,
  type RiskAssessment,
} from "@pullcord/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readingOf } from "../facts-for-tests.js";
import { judgedOf } from "./plan-for-tests.js";
import { planLevel, planOf, wholeOf } from "./plan.js";

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

describe("a plan as a whole", () => {
  const named = (first: readonly string[], count = first.length) => ({ first, count });
  const none = { first: [], count: 0 };
  const affected = { reads: none, writes: none, deletes: none, programs: none, hosts: none, databases: none };
  const stepOf = (number: number, parts: Partial<RiskAssessment>, approvalLevel: ApprovalLevel = "none") => ({
    number,
    judged: judgedOf({ assessment: readingOf({ assessment: { affected, ...parts } }).assessment, approvalLevel }),
  });

  it("counts a file that several steps change once, and files that are not named each time", () => {
    const steps = [
      stepOf(1, { affected: { ...affected, writes: named(["a", "b"]) } }),
      stepOf(2, { affected: { ...affected, writes: named(["b", "c", "d", "e", "f"], 9), deletes: named(["a"]) } }),
    ];
    expect(wholeOf(steps).files).toEqual({ first: ["a", "b", "c", "d", "e"], count: 10 });
  });

  it.each<[string, readonly Reversibility[]]>([
    ["There is nothing to take back: no step changes anything.", ["read_only", "read_only"]],
    ["An undo takes back all of it.", ["read_only", "reversible"]],
    ["An undo can't take back step 2. The rest it can.", ["reversible", "irreversible"]],
    ["An undo can't take back steps 1, 3. Only others can take back step 2.", ["irreversible", "externally_reversible", "irreversible"]],
  ])("says: %s", (sentence, found) => {
    expect(wholeOf(found.map((reversibility, at) => stepOf(at + 1, { reversibility }))).undo).toBe(sentence);
  });

  it("takes the proof of its most demanding step, and a signed-in approver at least", () => {
    expect(planLevel([stepOf(1, {}), stepOf(2, {})])).toBe("review");
    expect(planLevel([stepOf(1, {}, "review"), stepOf(2, {}, "admin_only"), stepOf(3, {}, "required")])).toBe("admin_only");
  });
});
