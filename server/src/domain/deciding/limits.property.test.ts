import { actionTypes, autonomyLevels, limitResponses, reversibilities, trustTiers, type Effect } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide.js";
import { commandOf, factsOf, policyOf, readingOf, type FactsForTests } from "../facts-for-tests.js";
import { anyGuardrails, anyLimits } from "../limits/facts-for-tests.js";
import type { GuardrailsDocument, ThresholdsDocument } from "../policy/document.js";
import type { Verdict } from "../verdict.js";

const now = 1_000_000;

const readings = fc
  .record({
    commands: fc.subarray(["git push", "curl x.org"]).map((texts) => texts.map(commandOf)),
    writes: fc.subarray(["/work/a", "/work/b", "/work/c"]),
    hosts: fc.subarray(["x.org", null]),
    reversibility: fc.constantFrom(...reversibilities),
    score: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ reversibility, score, ...parts }) => readingOf({ ...parts, assessment: { reversibility, score } }));

const scenes = fc.record({
  guardrails: anyGuardrails,
  limits: anyLimits,
  reading: readings,
  proposed: fc.record({
    type: fc.constantFrom(...actionTypes),
    arguments: fc.constantFrom({}, { amount: 5 }, { amount: "soon" }),
    tool: fc.constantFrom({ name: "Bash", input: {} }, { name: "Read", input: {} }),
  }),
  counters: fc.record({
    filesTouched: fc.integer({ min: 0, max: 12 }),
    calls: fc.integer({ min: 0, max: 12 }),
    recentFailures: fc.integer({ min: 0, max: 2 }),
    recentEnded: fc.constant(2),
  }),
  trustTier: fc.constantFrom(...trustTiers),
  level: fc.constantFrom(...autonomyLevels),
});
type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

function verdictOn({ guardrails, level, ...parts }: Scene, more: FactsForTests = {}): Verdict {
  const policy = policyOf({ guardrails });
  return decide(factsOf({ ...parts, run: { openedAt: now }, policy, autonomySet: { level, from: "run" }, ...more }), now);
}

/** How much a verdict lets happen: nothing at all, a question, an action that people are told of, one that they are not. */
function freedom(verdict: Verdict): number {
  if (verdict.kind === "held") return 0;
  const { effect, obligations } = verdict.decision;
  const order: readonly Effect[] = ["deny", "require_approval", "allow"];
  return order.indexOf(effect) + (effect === "allow" && !obligations.some(({ kind }) => kind === "notify") ? 1 : 0);
}

/** Every amount less, none below its first. */
function lowered(guardrails: GuardrailsDocument, by: number): GuardrailsDocument {
  const lower = (at: ThresholdsDocument, least = 0): ThresholdsDocument =>
    Object.fromEntries(
      limitResponses.flatMap((response) => (at[response] === undefined ? [] : [[response, Math.max(least, at[response] - by)]])),
    );
  const entries = Object.entries(guardrails).map(([key, value]) => {
    if (key === "tools")
      return [key, Object.fromEntries(Object.entries(value as Record<string, ThresholdsDocument>).map(([tool, at]) => [tool, lower(at)]))];
    if (key === "anomaly") {
      const { pace, ...words } = value as NonNullable<GuardrailsDocument["anomaly"]>;
      return [key, { ...words, ...(pace ? { pace: lower(pace, 1) } : {}) }];
    }
    return [key, key === "error_rate" ? value : lower(value as ThresholdsDocument, key === "same_action" ? 1 : 0)];
  });
  return Object.fromEntries(entries) as GuardrailsDocument;
}

describe("limits, whatever was used", () => {
  it("never let more through when they are lowered", () => {
    fc.assert(
      fc.property(scenes, fc.integer({ min: 1, max: 6 }), (scene, by) => {
        const less = { ...scene, guardrails: lowered(scene.guardrails, by) };
        expect(freedom(verdictOn(less))).toBeLessThanOrEqual(freedom(verdictOn(scene)));
      }),
      { numRuns: 500 },
    );
  });

  it("never let more through when more was used", () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom("tokens", "money", "actions", "resources", "sub_agents"), (scene, measured) => {
        const { used } = scene.limits;
        const run = { ...used.run, [measured]: (used.run[measured] ?? 0) + 3 };
        const more = { ...scene, limits: { ...scene.limits, used: { ...used, run } } };
        expect(freedom(verdictOn(more))).toBeLessThanOrEqual(freedom(verdictOn(scene)));
      }),
      { numRuns: 500 },
    );
  });

  it("are lifted by nothing that an agent says about its action", () => {
    const claims = fc.record({
      risk: fc.integer({ min: 0, max: 100 }),
      reversibility: fc.constantFrom(...reversibilities),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      description: fc.string(),
    });
    fc.assert(
      fc.property(scenes, claims, (scene, claim) => {
        const claimed = verdictOn(scene, { proposed: { ...scene.proposed, claim } });
        expect(freedom(claimed)).toBeLessThanOrEqual(freedom(verdictOn(scene)));
      }),
      { numRuns: 500 },
    );
  });

  it("are lifted by no rule, no autonomy and no trust", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const policy = policyOf({
          guardrails: withoutWarnings(scene.guardrails),
          rules: [{ id: "all", effect: "allow", when: { risk_at_least: 0 }, level: "admin_only" }],
        });
        const free = verdictOn(scene, { policy, autonomySet: { level: "full", from: "run" }, trustTier: "autonomous" });
        const isLimited = free.kind === "held" || free.decision.reasons.some(({ step }) => step === "guardrails");
        expect(isLimited ? freedom(free) : 0).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it("say why, with the guardrail's own key, whenever they ask, pause or stop", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const verdict = verdictOn(scene);
        const known = new Set(policyOf({ guardrails: scene.guardrails }).guardrails.limits.map(({ guardrail }) => guardrail));
        for (const { guardrail } of verdict.breakers) expect(known).toContain(guardrail);
        if (verdict.kind === "held") expect(known).toContain(verdict.pause?.guardrail);
        else if (verdict.stop)
          expect([verdict.decision.effect, verdict.decision.reasons[0]?.rule]).toEqual(["deny", verdict.stop.guardrail]);
      }),
      { numRuns: 500 },
    );
  });
});

/** A warning is no limit: what is warned of runs. */
function withoutWarnings(guardrails: GuardrailsDocument): GuardrailsDocument {
  const silent = JSON.parse(JSON.stringify(guardrails), (key, value: unknown) =>
    key === "warn" || value === "warn" ? undefined : value,
  ) as unknown;
  return silent as GuardrailsDocument;
}
