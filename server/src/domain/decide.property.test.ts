import {
  actionTypes,
  autonomyLevels,
  effects,
  reversibilities,
  trustTiers,
  type BreakGlassUse,
  type Decision,
  type Effect,
} from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.js";
import { commandOf, factsOf, policyOf, readingOf, type FactsForTests } from "./facts-for-tests.js";
import type { Conditions, RuleDocument } from "./policy/document.js";

const now = 1_000;
const use: BreakGlassUse = {
  id: "b1",
  scope: { kind: "everything" },
  by: { kind: "person", id: "ada" },
  at: now - 1,
  expiresAt: now + 1,
  actions: 0,
};

const paths = fc.constantFrom("/work/a", "/work/infra/b", "/etc/c", null);
const commands = fc.constantFrom("git push", "npm test", "rm -rf x", "curl x.org");
const pathLists = fc.uniqueArray(paths, { maxLength: 2 });

const readings = fc
  .record({
    commands: fc.uniqueArray(commands, { maxLength: 2 }),
    reads: pathLists,
    writes: pathLists,
    deletes: pathLists,
    hosts: fc.uniqueArray(fc.constantFrom("x.org", null), { maxLength: 1 }),
    score: fc.integer({ min: 0, max: 100 }),
    understood: fc.boolean(),
    reversibility: fc.constantFrom(...reversibilities),
  })
  .map(({ score, understood, reversibility, commands: texts, ...parts }) =>
    readingOf({ ...parts, commands: texts.map(commandOf), assessment: { score, understood, reversibility } }),
  );

const conditions: fc.Arbitrary<Conditions> = fc.oneof(
  fc.record({ type: fc.constantFrom(...actionTypes) }),
  fc.record({ program: fc.constantFrom("git", "npm", "*") }),
  fc.record({ command: fc.constantFrom("git push", "npm *") }),
  fc.record({ path: fc.constantFrom("infra/**", "**", "/etc/**") }),
  fc.record({ host: fc.constant("*.org") }),
  fc.record({ risk_at_least: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ type: fc.constant("command_execute" as const), program: fc.constantFrom("git", "npm") }),
);

const rules: fc.Arbitrary<RuleDocument[]> = fc
  .array(fc.record({ effect: fc.constantFrom(...effects), when: conditions }), { maxLength: 5 })
  .map((list) => list.map((rule, index) => ({ ...rule, id: `rule-${index}` })));

const situations = fc.record({
  proposed: fc.record({
    type: fc.constantFrom(...actionTypes),
    arguments: fc.constantFrom({}, { command: "git push" }, { command: "npm test; rm -rf x" }),
  }),
  reading: readings,
  rules,
  level: fc.constantFrom(...autonomyLevels),
  trustTier: fc.constantFrom(...trustTiers),
  forbids: fc.boolean(),
  askAt: fc.integer({ min: 0, max: 100 }),
  counters: fc.record({ calls: fc.integer({ min: 0, max: 1_500 }), filesTouched: fc.integer({ min: 0, max: 600 }) }),
});
type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

function outcome({ rules: written, level, forbids, askAt, ...parts }: Situation, more: FactsForTests = {}): Decision | "held" {
  const guardrails = forbids ? { forbidden_paths: ["infra/**"] } : {};
  const policy = policyOf({ rules: written, guardrails, thresholds: { ask_at: askAt } });
  const verdict = decide(factsOf({ ...parts, policy, autonomySet: { level, from: "run" }, ...more }), now);
  return verdict.kind === "held" ? "held" : verdict.decision;
}

/** How much an outcome lets happen, from nothing to all. */
function freedom(decided: Decision | "held"): number {
  const order: readonly Effect[] = ["deny", "require_approval", "allow"];
  return decided === "held" ? 0 : order.indexOf(decided.effect);
}

describe("deciding, whatever the facts", () => {
  it("gives at least one reason, and a level only to questions", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const decided = outcome(situation);
        if (decided === "held") return;
        expect(decided.reasons.length).toBeGreaterThan(0);
        expect(decided.approvalLevel === "none").toBe(decided.effect !== "require_approval");
      }),
    );
  });

  it("never allows more for one more rule that denies or asks", () => {
    fc.assert(
      fc.property(situations, conditions, fc.constantFrom("deny", "require_approval"), (situation, when, effect) => {
        const more = { ...situation, rules: [...situation.rules, { id: "more", effect, when }] };
        expect(freedom(outcome(more))).toBeLessThanOrEqual(freedom(outcome(situation)));
      }),
    );
  });

  it("does not depend on the order of the rules", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        expect(outcome({ ...situation, rules: [...situation.rules].reverse() })).toEqual(outcome(situation));
      }),
    );
  });

  it("finds by its index what a look at every rule finds", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const policy = policyOf({ rules: situation.rules });
        const scanned = { ...policy, rules: { ...policy.rules, tree: { always: policy.rules.rules, branches: [] } } };
        expect(outcome(situation, { policy: scanned })).toEqual(outcome(situation, { policy }));
      }),
    );
  });

  it("never allows more at a lower dial or a lower tier", () => {
    fc.assert(
      fc.property(situations, fc.constantFrom(...autonomyLevels), fc.constantFrom(...trustTiers), (situation, level, trustTier) => {
        const isLower =
          autonomyLevels.indexOf(level) <= autonomyLevels.indexOf(situation.level) &&
          trustTiers.indexOf(trustTier) <= trustTiers.indexOf(situation.trustTier);
        fc.pre(isLower);
        expect(freedom(outcome({ ...situation, level, trustTier }))).toBeLessThanOrEqual(freedom(outcome(situation)));
      }),
    );
  });

  it("never allows more for what the agent claims", () => {
    const claims = fc.record(
      {
        risk: fc.oneof(fc.integer({ min: -5, max: 200 }), fc.constant(Number.NaN)),
        confidence: fc.oneof(fc.double({ min: -1, max: 2, noNaN: true }), fc.constant(Number.NaN)),
        reversibility: fc.constantFrom(...reversibilities),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(situations, claims, (situation, claim) => {
        const claimed = { ...situation, proposed: { ...situation.proposed, claim } };
        expect(freedom(outcome(claimed))).toBeLessThanOrEqual(freedom(outcome(situation)));
      }),
    );
  });

  it("allows nothing in a run that is stopped, finished, paused, or under the kill file, break glass or not", () => {
    const orders: fc.Arbitrary<FactsForTests> = fc.constantFrom<FactsForTests>(
      { run: { state: { status: "stopped", interventionId: "i1", at: 1 } } },
      { run: { state: { status: "finished", at: 1, result: "succeeded" } } },
      { run: { state: { status: "paused", interventionId: "i1", at: 1 } } },
      { killFilePresent: true },
    );
    fc.assert(
      fc.property(situations, orders, fc.boolean(), (situation, order, isBroken) => {
        expect(freedom(outcome(situation, { ...order, breakGlass: isBroken ? [use] : [] }))).toBe(0);
      }),
    );
  });

  it("denies what touches Pullcord itself, under any policy and break glass", () => {
    fc.assert(
      fc.property(situations, fc.boolean(), (situation, isBroken) => {
        const reading = { ...situation.reading, touchesGate: "Changes its hooks." };
        expect(freedom(outcome({ ...situation, reading }, { breakGlass: isBroken ? [use] : [] }))).toBe(0);
      }),
    );
  });

  it("lets everything else that could be read through under break glass", () => {
    fc.assert(
      fc.property(situations, (situation) => {
        fc.pre(situation.reading.commands.length > 0 || situation.reading.assessment.understood);
        expect(outcome(situation, { breakGlass: [use] })).toMatchObject({ effect: "allow", breakGlassId: "b1" });
      }),
    );
  });
});
