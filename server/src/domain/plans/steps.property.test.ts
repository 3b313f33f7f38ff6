import type { Decision, Plan, PlanStep, ProposedAction } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../decide.js";
import { commandOf, factsOf, policyOf, readingOf, shell, type FactsForTests } from "../facts-for-tests.js";
import { judgedOf, planOfCommands, planWith } from "./plan-for-tests.js";
import { beginStep, endStep, goOnFrom, isFinished, nextStep } from "./steps.js";

const asksAboutAll = policyOf({ rules: [{ id: "asks", effect: "require_approval", level: "review", when: { risk_at_least: 0 } }] });
const cases = { numRuns: 300 };

function decided(plan: Plan, proposed: ProposedAction, facts: FactsForTests = {}): Decision {
  const reading = readingOf({ commands: [commandOf(String(proposed.arguments["command"]))] });
  const verdict = decide(factsOf({ proposed, reading, policy: asksAboutAll, plan, ...facts }), 1);
  if (verdict.kind !== "decided") throw new Error("held");
  return verdict.decision;
}

const commands = ["make a", "make b", "make c", "make d"] as const;
const command = fc.constantFrom(...commands);

/** A plan as a person left it, and the commands that stand, worked out apart from it. */
const arranged = fc
  .record({
    handedIn: fc.array(command, { minLength: 1, maxLength: 5 }),
    shuffle: fc.array(fc.nat({ max: 99 }), { minLength: 5, maxLength: 5 }),
    fates: fc.array(fc.constantFrom("stands", "stands", "removed", "edited" as const), { minLength: 5, maxLength: 5 }),
    edits: fc.array(command, { minLength: 5, maxLength: 5 }),
  })
  .map(({ handedIn, shuffle, fates, edits }) => {
    const all = handedIn
      .map((each, at) => ({ each, at, fate: fates[at], edit: edits[at] ?? each, place: shuffle[at] ?? 0 }))
      .toSorted((one, other) => one.place - other.place);
    const standing = all.filter(({ fate }) => fate !== "removed");
    const step = ({ each, at, fate, edit }: (typeof all)[number]) => ({
      number: at + 1,
      proposed: shell(each),
      ...(fate === "edited" ? { approvedArguments: { command: edit } } : {}),
    });
    const removed = planWith(all.filter(({ fate }) => fate === "removed").map(step)).steps;
    return {
      plan: planWith(standing.map(step), { removed }),
      mayRun: standing.map(({ each, fate, edit }) => (fate === "edited" ? edit : each)),
    };
  });

const tried = fc.array(fc.record({ command, comesOut: fc.constantFrom("succeeded", "succeeded", "failed" as const) }), { maxLength: 12 });

describe("an approved plan never covers more than was shown", () => {
  it("lets run exactly what stands, in its order, each once, and nothing after a step that failed", () => {
    fc.assert(
      fc.property(arranged, tried, ({ plan: approved, mayRun }, sequence) => {
        let plan = approved;
        let done = 0;
        let isStuck = false;
        for (const [at, { command: next, comesOut }] of sequence.entries()) {
          const { effect, planStep, deviatesFrom } = decided(plan, shell(next));
          const isTurn = !isStuck && mayRun[done] === next;
          expect([effect, deviatesFrom]).toEqual(isTurn ? ["allow", undefined] : ["require_approval", plan.id]);
          if (!planStep) continue;
          plan = endStep(beginStep(plan, planStep.number, `a${at}`), `a${at}`, comesOut);
          if (comesOut === "succeeded") done += 1;
          else isStuck = true;
        }
        expect(isFinished(plan)).toBe(plan.steps.every(({ state }) => state.status !== "open"));
      }),
      cases,
    );
  });

  it("lets nothing run that differs in anything that has an effect", () => {
    const base: ProposedAction = {
      type: "command_execute",
      arguments: { command: "make a" },
      tool: { name: "Bash", input: { command: "make a", timeout: 5, description: "Builds it." } },
      workingDirectory: "/work",
    };
    const input = base.tool!.input;
    const others: readonly Partial<ProposedAction>[] = [
      { type: "file_write" },
      { arguments: { command: "make a " } },
      { arguments: { command: "make a", more: 1 } },
      { tool: { name: "Monitor", input } },
      { tool: { name: "Bash", input: { ...input, timeout: 6 } } },
      { tool: { name: "Bash", input: { ...input, run_in_background: true } } },
      { tool: { name: "Bash", input: { command: "make a" } } },
      { workingDirectory: "/" },
      { environment: "production" },
      { subagent: { id: "s1" } },
    ];
    const plan = planWith([{ number: 1, proposed: base }]);
    const said = {
      ...base,
      claim: { reason: "other words" },
      externalId: "t9",
      tool: { name: "Bash", input: { ...input, description: "Other words." } },
    };
    expect(decided(plan, said).planStep).toEqual({ plan: "n1", number: 1, isAnswer: true });
    for (const other of others) expect(decided(plan, { ...base, ...other }).effect).toBe("require_approval");
    const { tool: _tool, ...withoutTool } = base;
    expect(decided(plan, withoutTool).effect).toBe("require_approval");
  });

  it("lets nothing run that weighs more than it did", () => {
    const score = fc.integer({ min: 0, max: 80 });
    const reversibility = fc.constantFrom("read_only", "reversible", "externally_reversible", "irreversible" as const);
    const weighed = fc.record({ score, reversibility });
    fc.assert(
      fc.property(weighed, weighed, ({ score: shown, reversibility: before }, { score: found, reversibility: after }) => {
        const judged = judgedOf({ assessment: readingOf({ assessment: { score: shown, reversibility: before } }).assessment });
        const plan = planWith([{ number: 1, proposed: shell("make a"), judged }], { level: "required" });
        const reading = readingOf({ commands: [commandOf("make a")], assessment: { score: found, reversibility: after } });
        const { effect } = decided(plan, shell("make a"), { reading });
        const { level } = judged.assessment!;
        const ranks = ["none", "low", "medium", "high", "critical"];
        const isHeavier =
          ranks.indexOf(reading.assessment.level) > ranks.indexOf(level) || (after === "irreversible" && before !== "irreversible");
        expect(effect).toBe(isHeavier ? "require_approval" : "allow");
      }),
      cases,
    );
  });
});

describe("deciding with a plan", () => {
  const plan = planOfCommands(["make a", "make b"]);
  const make = shell("make a");

  it.each<[string, FactsForTests, string]>([
    ["a deny rule", { policy: policyOf({ rules: [{ id: "no", effect: "deny", when: { program: "make" } }] }) }, "deny"],
    [
      "a rule that did not ask when it was shown",
      { policy: policyOf({ rules: [{ id: "new", effect: "require_approval", level: "review", when: { program: "make" } }] }) },
      "require_approval",
    ],
    [
      "a rule that asks for more proof by now",
      { policy: policyOf({ rules: [{ id: "asks", effect: "require_approval", level: "required", when: { program: "make" } }] }) },
      "require_approval",
    ],
    ["the hard floor", { reading: readingOf({ commands: [commandOf("make a")], touchesGate: "Pullcord's data" }) }, "deny"],
    ["a stop", { run: { state: { status: "stopped", interventionId: "i1", at: 0 } } }, "deny"],
    ["the kill file", { killFilePresent: true }, "deny"],
    [
      "a guardrail",
      {
        policy: policyOf({ guardrails: { files_per_run: { ask: 0, pause: 9 } } }),
        reading: readingOf({ commands: [commandOf("make a")], writes: ["/work/a"] }),
      },
      "require_approval",
    ],
    ["the agent's own doubt", { proposed: { ...make, claim: { confidence: 0.1 } } }, "require_approval"],
  ])("lifts nothing of %s", (_, facts, effect) => {
    expect(decided(plan, make).effect).toBe("allow");
    expect(decided(plan, make, facts).effect).toBe(effect);
  });

  it("marks a step that is allowed anyway, in whatever order, without being the answer", () => {
    const { effect, planStep } = decided(plan, shell("make b"), { policy: policyOf() });
    expect([effect, planStep]).toEqual(["allow", { plan: "n1", number: 2, isAnswer: false }]);
  });

  it("goes on when a step that failed is tried again and allowed anyway, and not when that would ask", () => {
    const failed = endStep(beginStep(plan, 1, "a1"), "a1", "failed");
    expect(decided(failed, make).effect).toBe("require_approval");
    const again = decided(failed, make, { policy: policyOf() });
    expect(again.planStep).toEqual({ plan: "n1", number: 1, isAnswer: false });
    const succeeded = endStep(beginStep(failed, 1, "a2"), "a2", "succeeded");
    expect(decided(succeeded, shell("make b")).planStep?.isAnswer).toBe(true);
    expect(decided(succeeded, make, { policy: policyOf() }).planStep).toBeUndefined();
  });

  it("says what deviates and what would have been next", () => {
    const sentenceOf = (proposed: ProposedAction, following: Plan = plan) => decided(following, proposed).reasons.at(-1)?.sentence;
    expect(sentenceOf(shell("rm x"))).toBe("This deviates from plan n1: it is none of its steps. The next step would be 1: make a");
    const done = endStep(beginStep(plan, 1, "a1"), "a1", "succeeded");
    expect(sentenceOf(make, done)).toBe(
      "This deviates from plan n1: it is step 1, which has had its turn. The next step would be 2: make b",
    );
    const all = endStep(beginStep(done, 2, "a2"), "a2", "succeeded");
    expect(sentenceOf(make, all)).toContain("No step is left.");
  });

  it("goes on from where a person let one run", () => {
    const statuses = ({ steps }: Plan) => steps.map(({ state }: PlanStep) => state.status);
    const three = planOfCommands(["make a", "make b", "make c"]);
    const overtaken = endStep(goOnFrom(three, 2, "a1"), "a1", "succeeded");
    expect([statuses(overtaken), nextStep(overtaken)?.number]).toEqual([["skipped", "succeeded", "open"], 3]);
    expect(decided(overtaken, shell("make c")).effect).toBe("allow");
    expect(decided(overtaken, make).effect).toBe("require_approval");
  });
});
