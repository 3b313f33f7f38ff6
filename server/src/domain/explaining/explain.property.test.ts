import { autonomyLevels, riskLevel, trustTiers, type Decision, type ProposedAction } from "@pullcord/sdk/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide.js";
import type { DecisionFacts } from "../facts.js";
import { commandOf, factsOf, policyOf, readingOf } from "../facts-for-tests.js";
import { anyGuardrails, anyLimits } from "../limits/facts-for-tests.js";
import type { RuleDocument } from "../policy/document.js";
import type { Reading } from "../reading.js";
import { asDecided, isSame } from "./as-decided.js";
import { explain } from "./explain.js";
import { counterfactuals } from "./what-would-change.js";

const now = 5_000_000;

/** True one time in ten. */
const rarely = fc.integer({ min: 0, max: 9 }).map((one) => one === 0);

const rule: fc.Arbitrary<RuleDocument> = fc.record({
  id: fc.constantFrom("one", "two", "three"),
  effect: fc.constantFrom("allow", "require_approval", "deny"),
  when: fc.constantFrom(
    { program: "git" },
    { type: "file_write" as const },
    { risk_at_least: 40 },
    { path: "src/**" },
    { environment: "production" },
  ),
});

const policy = fc
  .record({
    autonomy: fc.constantFrom(...autonomyLevels),
    rules: fc.uniqueArray(rule, { selector: ({ id }) => id, maxLength: 3 }),
    ask: fc.integer({ min: 0, max: 80 }),
    deny: fc.integer({ min: 80, max: 100 }),
    forbidden: fc.constantFrom([], ["src/**"]),
    limits: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: anyGuardrails }),
  })
  .map(({ ask, deny, forbidden, rules, limits, ...parts }) =>
    policyOf({
      ...parts,
      // A rule that allows can't go by what the agent names itself.
      rules: rules.filter(({ effect, when }) => effect !== "allow" || when.environment === undefined),
      thresholds: { ask_at: ask, deny_at: deny },
      guardrails: { ...limits, forbidden_paths: forbidden },
    }),
  );

const reading = fc
  .record({
    scores: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 3 }),
    understood: fc.boolean(),
    reversibility: fc.constantFrom("read_only", "reversible", "externally_reversible", "irreversible"),
    writes: fc.constantFrom([], ["/work/src/a"], ["/work/b", "/work/c"]),
    touchesGate: rarely.map((one) => (one ? "Its store." : null)),
    cutShort: rarely,
    alternatives: fc.constantFrom([], [{ text: "git stash push", sentence: "Keeps it.", score: 10 }]),
  })
  .map(({ scores, writes, touchesGate, cutShort, understood, ...assessment }): Reading => {
    const factors = scores.map((score, place) => ({ name: `factor_${place}`, score, sentence: "It is so." }));
    return readingOf({
      commands: [commandOf("git reset --hard")],
      writes,
      touchesGate,
      ...(cutShort ? { cutShort: true } : {}),
      // Whatever was not read to its end was not understood.
      assessment: { ...assessment, understood: understood && !cutShort, factors, score: Math.max(0, ...scores) },
    });
  });

const proposed: fc.Arbitrary<ProposedAction> = fc.record(
  {
    type: fc.constantFrom("command_execute", "file_write", "payment", "unknown"),
    arguments: fc.constant({ command: "git reset --hard" }),
    environment: fc.constant("production"),
    claim: fc.record({ risk: fc.integer({ min: 0, max: 100 }), confidence: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { requiredKeys: ["type", "arguments"] },
);

const facts: fc.Arbitrary<DecisionFacts> = fc
  .record({
    policy,
    reading: fc.option(reading, { freq: 10 }),
    proposed,
    trustTier: fc.constantFrom(...trustTiers),
    autonomySet: fc.option(fc.record({ level: fc.constantFrom(...autonomyLevels), from: fc.constant("run" as const) })),
    killFilePresent: rarely,
    status: fc.constantFrom("running", "running", "running", "stopped"),
    filesTouched: fc.constantFrom(0, 10, 40),
    openQuestions: fc.constantFrom(0, 100),
    breaksGlass: rarely,
    limits: fc.option(anyLimits, { nil: undefined }),
    authorisedMs: fc.constantFrom(0, 0, 0, 9 * 3_600_000),
  })
  .map(({ status, filesTouched, openQuestions, breaksGlass, limits, authorisedMs, ...parts }) =>
    factsOf({
      ...parts,
      run: { state: status === "stopped" ? { status, interventionId: "i1", at: 1 } : { status: "running" }, openedAt: now - authorisedMs },
      ...(limits ? { limits } : {}),
      counters: { filesTouched, openQuestions },
      breakGlass: breaksGlass ? [use] : [],
    }),
  );
const use = {
  id: "b1",
  scope: { kind: "everything" },
  by: { kind: "person", id: "ada" },
  at: now - 1_000,
  expiresAt: now + 100_000,
  actions: 0,
} as const;

/** Another action, read: nothing of note. */
const read = (): Reading => readingOf({ commands: [commandOf("git stash push")] });

function decided(given: DecisionFacts): Decision | null {
  const verdict = decide(given, now);
  return verdict.kind === "decided" ? verdict.decision : null;
}

describe("what would have changed a decision", () => {
  it("really changes its effect to the one that is claimed", () => {
    let claims = 0;
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decided(given);
        if (!decision) return;
        for (const change of counterfactuals({ facts: given, decision, read }, now)) {
          claims += 1;
          expect(change.effect).not.toBe(decision.effect);
          expect(decided(change.facts)?.effect).toBe(change.effect);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(claims).toBeGreaterThan(500);
  });

  it("is never offered against the hard floor, nor breaks glass, nor lifts a forbidden area", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decided(given);
        if (!decision) return;
        const changes = counterfactuals({ facts: given, decision, read }, now);
        if (given.reading && given.reading.touchesGate !== null) expect(changes).toEqual([]);
        for (const change of changes) {
          expect(change.facts.policy.guardrails).toBe(given.policy.guardrails);
          expect(change.facts.breakGlass.length).toBeLessThanOrEqual(given.breakGlass.length);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("changes one thing only", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const decision = decided(given);
        if (!decision) return;
        for (const { kind, facts: changed } of counterfactuals({ facts: given, decision, read }, now)) {
          const keys = Object.keys(given) as (keyof DecisionFacts)[];
          const different = keys.filter((key) => changed[key] !== given[key]);
          expect([kind, different.toSorted()]).toEqual([
            kind,
            expect.toSatisfy((names: string[]) => mayChange[kind]?.includes(names.join(" ")) === true),
          ]);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const mayChange: Readonly<Record<string, readonly string[]>> = {
  intervention: ["killFilePresent", "run"],
  break_glass: ["breakGlass"],
  autonomy: ["autonomySet", "autonomySet trustTier"],
  trust: ["trustTier"],
  rule: ["policy"],
  threshold: ["policy"],
  approval_level: ["policy"],
  guardrail: ["counters", "limits", "limits run", "counters limits"],
  environment: ["proposed reading run"],
  claim: ["proposed reading"],
  factor: ["reading"],
  alternative: ["proposed reading"],
};

describe("a decision on record", () => {
  it("is decided again just as it was, from what is kept", () => {
    fc.assert(
      fc.property(facts, (given) => {
        const verdict = decide(given, now);
        if (verdict.kind !== "decided") return;
        const { decision } = verdict;
        const again = asDecided(recorded(given, decision, verdict.reading), later(given), decision.basis?.breakGlassId ? use : null);
        expect(isSame(decision, decide(again, decision.at))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is explained without throwing, whatever has changed since", () => {
    fc.assert(
      fc.property(facts, facts, (given, other) => {
        const verdict = decide(given, now);
        const decision = verdict.kind === "decided" ? verdict.decision : null;
        const action = { ...recorded(given, decision, verdict.reading), decision };
        const explained = explain({ action, today: other, policyThen: null, breakGlass: null, read }, now + 1);
        // Who finds no change is told why.
        expect(explained.wouldChange.length + explained.notes.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

function recorded<D extends Decision | null>(given: DecisionFacts, decision: D, reading: Reading | null) {
  return {
    id: "a1",
    runId: "r1",
    agent: given.agent,
    digest: "",
    proposed: given.proposed,
    assessment: reading?.assessment ?? null,
    decision,
    state: { status: "allowed" as const },
    proposedAt: now,
  };
}

/** The machine has moved on: files, git, the dial, trust, orders. */
function later(given: DecisionFacts): DecisionFacts {
  const reading = given.reading && {
    ...given.reading,
    assessment: { ...given.reading.assessment, score: 3, level: riskLevel(3), factors: [], understood: true },
  };
  return {
    ...given,
    reading,
    autonomySet: { level: "full", from: "everything" },
    trustTier: "autonomous",
    killFilePresent: true,
    run: { ...given.run, state: { status: "stopped", interventionId: "i2", at: now + 1 } },
    counters: { actions: 0, filesTouched: 900, recentFailures: 20, recentEnded: 20, calls: 0, openQuestions: 3 },
  };
}
