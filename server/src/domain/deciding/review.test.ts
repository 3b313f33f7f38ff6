import { approvalLevels, autonomyLevels, effects, reversibilities, trustTiers, type Decision } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide.js";
import { factsOf, policyOf, readingOf, shell, type FactsForTests } from "../facts-for-tests.js";
import type { PolicyDocument, ReviewDocument } from "../policy/document.js";
import type { Review } from "../review.js";
import type { Decided } from "../verdict.js";

const review: ReviewDocument = { api: "openai", endpoint: "http://127.0.0.1:9/v1", model: "second-eyes", from_score: 20 };
const given = (addedRisk: number, ...concerns: string[]): Review => ({ kind: "given", addedRisk, concerns });
const late: Review = { kind: "missing", why: "there was no answer within 5 s" };

function decided(facts: FactsForTests): Decided {
  const verdict = decide(factsOf({ autonomySet: { level: "full", from: "run" }, ...facts }), 1);
  if (verdict.kind === "held") throw new Error(`held: ${verdict.sentence}`);
  return verdict;
}

function scoring(score: number, more: Partial<Omit<PolicyDocument, "version">> = {}): FactsForTests {
  const factors = [{ name: "seen", score, sentence: "Seen by the reader." }];
  return { proposed: shell("x"), reading: readingOf({ assessment: { score, factors } }), policy: policyOf({ review, ...more }) };
}

describe("a model's review", () => {
  it("asks a person when it raises the risk over ask_at, and says who said so", () => {
    const { decision, reading } = decided({ ...scoring(30), review: given(40, "Sends the list to a stranger.") });
    expect(decision.effect).toBe("require_approval");
    expect(decision.approvalLevel).toBe("required");
    expect(decision.reasons.map(({ step, rule, sentence }) => [step, rule, sentence])).toEqual([
      ["risk", "model_review", "Model review (second-eyes): it raised the risk from 30 to 70; the policy asks from 50 up."],
      ["risk", "model_review", "Model review (second-eyes): Sends the list to a stranger."],
    ]);
    expect(reading?.assessment).toMatchObject({ score: 70, level: "high", reversibility: "read_only" });
    expect(reading?.assessment.factors.at(-1)).toEqual({
      name: "model_review",
      score: 70,
      sentence: "Model review (second-eyes): Sends the list to a stranger.",
    });
  });

  it("is kept among the factors where it changes nothing", () => {
    const quiet = decided({ ...scoring(30), review: given(0) });
    expect(quiet.decision.effect).toBe("allow");
    expect(quiet.reading?.assessment.factors.at(-1)?.sentence).toBe("Model review (second-eyes): nothing to add.");
    expect(decided({ ...scoring(30), review: given(19, "A little odd.") })).toMatchObject({
      decision: { effect: "allow" },
      reading: { assessment: { score: 49 } },
    });
  });

  it("never denies by itself, however high it goes", () => {
    expect(decided({ ...scoring(60), review: given(100, "No.") })).toMatchObject({
      decision: { effect: "require_approval" },
      reading: { assessment: { score: 100 } },
    });
  });

  it("asks when it is missing, or goes on and says so", () => {
    const asks = decided({ ...scoring(30), review: late }).decision;
    expect(asks).toMatchObject({ effect: "require_approval", reasons: [{ rule: "model_review" }] });
    expect(asks.reasons[0]?.sentence).toBe("Model review (second-eyes): there was no answer within 5 s, so a person decides.");
    const goesOn = decided({ ...scoring(30, { review: { ...review, on_failure: "ignore" } }), review: late });
    expect(goesOn.decision.effect).toBe("allow");
    expect(goesOn.reading?.assessment.factors.at(-1)?.sentence).toContain("no answer within 5 s, and the policy goes on without it");
  });

  it("is lifted by no rule", () => {
    const rules = [{ id: "all", effect: "allow", when: { risk_at_least: 0 }, level: "admin_only" }] as const;
    expect(decided({ ...scoring(30, { rules }), review: given(40) }).decision.effect).toBe("require_approval");
    expect(decided({ ...scoring(30, { rules }), review: late }).decision.effect).toBe("require_approval");
  });

  it("is wanted where an action would run without a person, from a score up or not understood, and asked for once", () => {
    const unclear = { ...scoring(5), reading: readingOf({ assessment: { score: 5, understood: false } }) };
    expect([decided(scoring(20)), decided(unclear), decided(scoring(19))].map(({ lacksReview }) => lacksReview)).toEqual([
      true,
      true,
      false,
    ]);
    expect(decided({ ...scoring(20), review: late }).lacksReview).toBe(false);
    expect(decided({ ...scoring(20), policy: policyOf() })).toMatchObject({ lacksReview: false, decision: { effect: "allow" } });
    const asked = {
      ...scoring(20),
      autonomySet: { level: "ask_first", from: "run" },
      proposed: { type: "unknown", arguments: {} },
    } as const;
    expect(decided(asked)).toMatchObject({ lacksReview: false, decision: { effect: "require_approval" } });
    expect(decided(scoring(96))).toMatchObject({ lacksReview: false, decision: { effect: "deny" } });
  });

  it("is heard by whoever is asked anyway, once it was given", () => {
    const asked = { ...scoring(20), proposed: { type: "unknown", arguments: {} } } as const;
    const { decision, reading } = decided({ ...asked, review: given(60, "Worse than it looks.") });
    expect(decision.reasons.map(({ rule }) => rule)).toEqual(["unknown_type", "model_review", "model_review"]);
    expect(reading?.assessment.score).toBe(80);
    expect(decided({ ...asked, review: late }).reading?.assessment.modelReview).toBeUndefined();
  });

  it("is not waited for under break glass (B4)", () => {
    const by = { kind: "person", id: "ada" } as const;
    const use = { id: "b1", scope: { kind: "everything" }, by, at: 0, expiresAt: 2, actions: 0 } as const;
    expect(decided({ ...scoring(90), breakGlass: [use] })).toMatchObject({ lacksReview: false, decision: { effect: "allow" } });
  });
});

describe("whatever a hostile model says", () => {
  const reviews: fc.Arbitrary<Review | null> = fc.oneof(
    fc.constant(null),
    fc.record({ kind: fc.constant("missing" as const), why: fc.string() }),
    fc.record({
      kind: fc.constant("given" as const),
      addedRisk: fc.oneof(fc.double(), fc.integer({ min: -200, max: 200 }), fc.constant(Number.NaN)),
      concerns: fc.array(fc.string(), { maxLength: 6 }),
    }),
  );
  const situations = fc.record({
    score: fc.integer({ min: 0, max: 100 }),
    understood: fc.boolean(),
    reversibility: fc.constantFrom(...reversibilities),
    level: fc.constantFrom(...autonomyLevels),
    trustTier: fc.constantFrom(...trustTiers),
    onFailure: fc.constantFrom("ask" as const, "ignore" as const),
    fromScore: fc.integer({ min: 0, max: 100 }),
    rule: fc.record({ effect: fc.constantFrom(...effects), risk: fc.integer({ min: 0, max: 100 }) }),
  });

  it("nothing becomes freer: not the effect, the level, the risk, the reversibility or what is owed (V9.2.6, V9.2.7)", () => {
    fc.assert(
      fc.property(situations, reviews, (situation, said) => {
        const { score, understood, reversibility, level, trustTier, rule } = situation;
        const rules = [{ id: "r", effect: rule.effect, when: { risk_at_least: rule.risk } }];
        const facts: FactsForTests = {
          proposed: shell("x"),
          reading: readingOf({ writes: ["/work/a"], assessment: { score, understood, reversibility } }),
          autonomySet: { level, from: "run" },
          trustTier,
        };
        const without = decided({ ...facts, policy: policyOf({ rules }) });
        const wanted = { ...review, on_failure: situation.onFailure, from_score: situation.fromScore };
        const reviewed = decided({ ...facts, review: said, policy: policyOf({ rules, review: wanted }) });
        expect(freedom(reviewed.decision)).toBeLessThanOrEqual(freedom(without.decision));
        if (without.decision.effect === "deny" || reviewed.decision.effect === "deny") expect(reviewed.decision).toEqual(without.decision);
        expect(proof(reviewed.decision)).toBeGreaterThanOrEqual(proof(without.decision));
        const [before, after] = [without.reading!.assessment, reviewed.reading!.assessment];
        expect(after.score).toBeGreaterThanOrEqual(before.score);
        expect(after.score).toBeLessThanOrEqual(100);
        expect(after).toMatchObject({ reversibility: before.reversibility, understood: before.understood, affected: before.affected });
        expect(after.factors.slice(0, before.factors.length)).toEqual(before.factors);
        if (reviewed.decision.effect === "allow")
          expect(reviewed.decision.obligations).toEqual(expect.arrayContaining([...without.decision.obligations]));
      }),
      { numRuns: 1_000 },
    );
  });

  it("would be noticed: a review that could deny or lift is not like this", () => {
    expect(freedom({ effect: "allow" })).toBeGreaterThan(freedom({ effect: "require_approval" }));
    expect(freedom({ effect: "require_approval" })).toBeGreaterThan(freedom({ effect: "deny" }));
  });
});

function proof({ approvalLevel }: Decision): number {
  return approvalLevels.indexOf(approvalLevel);
}

function freedom({ effect }: Pick<Decision, "effect">): number {
  return ["deny", "require_approval", "allow"].indexOf(effect);
}
