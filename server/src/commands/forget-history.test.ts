import type { PolicyDifference } from "@pullcord/sdk/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compilePolicy } from "../domain/policy/compile.js";
import type { RecordedFacts } from "../domain/recorded.js";
import { decidedBefore, oldestDecided, saveDecidedFacts } from "../store/decided-facts.js";
import { insertPolicyVersion, listPolicyVersions } from "../store/policy-versions.js";
import { insertShadowDecision, listShadowDecisions } from "../store/shadow.js";
import { listEntries } from "../store/audit.js";
import type { Command } from "./context.js";
import { forgetHistory, historyToForget } from "./forget-history.js";
import { openTestGate, type TestGate } from "./gate-for-tests.js";
import { systemCaller } from "./runner.js";

const dayMs = 24 * 3_600_000;
const now = 1_000 * dayMs + 5_000;
const outcome = { effect: "allow", level: "none", sentence: "x" } as const;
const difference = (actionId: string, lastAt: number): PolicyDifference => ({
  description: "x",
  agent: "coder",
  score: 1,
  before: outcome,
  after: outcome,
  count: 1,
  actionIds: [actionId],
  lastAt,
});
const policy = compilePolicy({ version: 1, history: { decisions: "30d", most_decisions: 1_000, policies: "90d" } }, { version: "p" });

describe("history that the policy lets go", () => {
  let gate: TestGate;
  beforeEach(async () => {
    gate = await openTestGate({ policy: () => policy });
    gate.clock.now = now;
  });
  afterEach(() => gate.close());

  const keep: Command<readonly number[], void> = async ({ tx }, ages) => {
    for (const [at, age] of ages.entries()) await saveDecidedFacts(tx, `a${at}`, { facts: {} as RecordedFacts, at: now - age * dayMs });
  };
  const versions: Command<readonly number[], void> = async ({ tx }, ages) => {
    for (const age of ages)
      await insertPolicyVersion(tx, `v${age}`, { version: `${age}`, at: now - age * dayMs, by: { kind: "system", id: "x" }, text: "" });
  };
  /** As the clock does. @returns how many batches it took */
  const sweep = async (): Promise<number> => {
    const over = await historyToForget(gate.store.read, gate.runner.outside, now);
    if (!over) return 0;
    let batches = 1;
    while (await gate.runner.run(forgetHistory, over, systemCaller)) batches += 1;
    return batches;
  };
  const noted = async () =>
    (await listEntries(gate.store.read, { type: "history.forgotten", limit: 10, order: "newest" })).map(({ body }) => body);
  const ofAge = (age: number, count: number): readonly number[] => Array.from({ length: count }, (_, at) => age + at / 1_000_000);

  it("is what decisions older than that were made from, a batch at a time, and on record", async () => {
    await gate.runner.run(keep, [...ofAge(100, 700), ...ofAge(10, 20)], systemCaller);
    expect(await sweep()).toBe(2);
    expect(await decidedBefore(gate.store.read, 19)).not.toBeNull();
    expect(await decidedBefore(gate.store.read, 20)).toBeNull();
    const reachesBackTo = await oldestDecided(gate.store.read);
    expect(await noted()).toEqual([
      { decisions: 200, policies: 0, reachesBackTo },
      { decisions: 500, policies: 0, reachesBackTo: expect.any(Number) as number },
    ]);
    expect(await sweep()).toBe(0);
  });

  it("is also what is too much, with some to spare, so that it does not happen at every decision", async () => {
    await gate.runner.run(keep, ofAge(1, 1_001), systemCaller);
    await sweep();
    expect(await decidedBefore(gate.store.read, 950)).not.toBeNull();
    expect(await decidedBefore(gate.store.read, 951)).toBeNull();
  });

  it("is no policy that was in force within that time, however old it is", async () => {
    await gate.runner.run(versions, [400, 300, 200, 10], systemCaller);
    await sweep();
    const left = await listPolicyVersions(gate.store.read, { cursor: undefined, limit: 10 });
    expect(left.map(({ version }) => version)).toEqual(["10", "200"]);
    expect(await sweep()).toBe(0);
  });

  it("is what a shadow policy would have decided otherwise, as old as the decisions", async () => {
    const ages = [100, 31, 29, 1];
    await gate.runner.run(keep, ages, systemCaller);
    const shadow: Command<void, void> = async ({ tx }) => {
      for (const age of ages) await insertShadowDecision(tx, "s1", difference(`a${age}`, now - age * dayMs));
    };
    await gate.runner.run(shadow, undefined, systemCaller);
    await sweep();
    const left = await listShadowDecisions(gate.store.read, "s1");
    expect(left.map(({ actionIds }) => actionIds)).toEqual([["a1"], ["a29"]]);
  });

  it("is nothing where all of it is young", async () => {
    await gate.runner.run(keep, ofAge(29, 5), systemCaller);
    await gate.runner.run(versions, [400], systemCaller);
    expect(await sweep()).toBe(0);
    expect(await noted()).toEqual([]);
  });
});
