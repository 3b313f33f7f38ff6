/* oxlint-disable vitest/no-standalone-expect -- run by a test, once for each step of a race */
import type { AuditEntry, Plan, ProposedAction } from "@pullcord/sdk/protocol";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listEntries } from "../store/audit.js";
import { listPlans } from "../store/plans.js";
import { listRequests } from "../store/approvals.js";
import { findRun } from "../store/runs.js";
import { verifyLog } from "../store/verify-log.js";
import { arrangePlan } from "./arrange-plan.js";
import { endAction } from "./end-action.js";
import { expirePlans, revokePlan } from "./end-plan.js";
import { agentCaller, askingProgram, openTestGate, people, type TestGate } from "./gate-for-tests.js";
import { handInPlan, withdrawPlan } from "./hand-in-plan.js";
import { intervene } from "./intervene.js";
import { openRun } from "./open-run.js";
import { proposeAction } from "./propose-action.js";
import { resolvePlan } from "./resolve-plan.js";
import { systemCaller, type Caller } from "./runner.js";
import { finishRun } from "./run-reports.js";
import { setAutonomy } from "./settings.js";

const acts = ["hand in", "arrange", "approve", "approve", "deny", "withdraw", "revoke", "expire", "step 1", "step 2", "step 3"] as const;
const ends = ["stop", "pause", "resume", "finish", "step 1", "approve"] as const;
type Act = (typeof acts)[number] | (typeof ends)[number];

const expiresInMs = 1_000;
const pauses = [0, 0, 0, 1, 999, 1_000, 1_001] as const;
const races = Number(process.env["PULLCORD_TEST_RACES"] ?? 60);
const limitMs = 60_000;
const step = (number: number): ProposedAction => ({ type: "command_execute", arguments: { command: `${askingProgram} ${number}` } });
const steps = [step(1), step(2), step(3)];

const someone: Caller = { actor: { kind: "person", id: "ada", via: "console" }, principal: "person:ada" };
const person = people[0]!;

/** What the races led to. */
const happened = new Set<string>();

class PlanRace {
  readonly #gate: TestGate;
  readonly #runId: string;
  readonly #faults: string[] = [];
  #isStopped = false;

  private constructor(gate: TestGate, runId: string) {
    this.#gate = gate;
    this.#runId = runId;
  }

  static async begin(gate: TestGate): Promise<PlanRace> {
    const { id } = await gate.runner.run(openRun, { task: "race", tokenId: "t" }, agentCaller);
    await gate.runner.run(setAutonomy, { scope: { kind: "run", id }, level: "full" }, someone);
    return new PlanRace(gate, id);
  }

  async run(together: readonly Act[]): Promise<void> {
    const [plan] = await this.#plans();
    await Promise.allSettled(together.map((act) => this.#act(act, plan)));
    await this.#observe();
  }

  #plans(): Promise<readonly Plan[]> {
    return listPlans(this.#gate.store.read, { run: this.#runId, limit: 200 });
  }

  async #act(act: Act, plan: Plan | undefined): Promise<unknown> {
    const { runner } = this.#gate;
    const runId = this.#runId;
    const seen = { planId: plan?.id ?? "none", digest: plan?.digest ?? "" };
    switch (act) {
      case "hand in":
        return runner.run(handInPlan, { runId, steps, expiresInMs }, agentCaller);
      case "arrange":
        return runner.run(arrangePlan, { ...seen, steps: [{ number: 2 }, { number: 1 }] }, someone);
      case "approve":
      case "deny":
        return runner.run(resolvePlan, { ...seen, person, effect: act }, someone);
      case "withdraw":
        return runner.run(withdrawPlan, { planId: seen.planId, reason: "gave up" }, agentCaller);
      case "revoke":
        return runner.run(revokePlan, { planId: seen.planId }, someone);
      case "expire":
        return runner.run(expirePlans, undefined, systemCaller);
      case "finish":
        return runner.run(finishRun, { runId, result: "succeeded" }, agentCaller);
      case "stop":
      case "pause":
      case "resume":
        return runner.run(intervene, { kind: act, scope: { kind: "run", id: runId } }, someone);
      default:
        return this.#propose(Number(act.at(-1)));
    }
  }

  async #propose(number: number): Promise<void> {
    const wasStopped = this.#isStopped;
    const { action, next } = await this.#gate.runner.run(proposeAction, { runId: this.#runId, proposed: step(number) }, agentCaller);
    if (next !== "run") return;
    if (wasStopped) this.#faults.push(`${action.id} may run after the stop`);
    await this.#gate.runner.run(endAction, { actionId: action.id, status: "succeeded" }, agentCaller);
  }

  /** One plan waits and one grants at most, none after the run is over, and the run counts what waits. */
  async #observe(): Promise<void> {
    const { read } = this.#gate.store;
    const run = await findRun(read, this.#runId);
    const plans = await this.#plans();
    const waiting = plans.filter(({ status }) => status === "pending");
    const granting = plans.filter(({ status, ended }) => status === "approved" && !ended);
    const isOver = run?.state.status === "stopped" || run?.state.status === "finished";
    this.#isStopped = run?.state.status === "stopped";
    expect(waiting.length).toBeLessThanOrEqual(isOver ? 0 : 1);
    expect(granting.length).toBeLessThanOrEqual(isOver ? 0 : 1);
    const questions = await listRequests(read, { run: this.#runId, status: "pending", limit: 200 });
    expect(run?.tally.waiting).toBe(questions.length + waiting.length);
  }

  /** Reads the run's record as an auditor would. */
  async check(): Promise<void> {
    expect(this.#faults).toEqual([]);
    const entries = await listEntries(this.#gate.store.read, { run: this.#runId, order: "oldest", limit: 1_000 });
    for (const { type, body } of entries)
      happened.add(type === "plan.resolved" || type === "plan.ended" ? `${type} ${String(body["status"] ?? body["why"])}` : type);
    const of = (type: AuditEntry["type"], plan: string) => entries.filter((entry) => entry.type === type && entry.body["plan"] === plan);
    const used = new Set<string>();
    for (const entry of entries) {
      const answer = entry.body["planStep"] as { plan: string; number: number; isAnswer: boolean } | undefined;
      if (!answer?.isAnswer) continue;
      const [approval] = of("plan.resolved", answer.plan);
      expect(approval).toMatchObject({ actor: { kind: "person" }, body: { status: "approved" } });
      expect(approval!.seq).toBeLessThan(entry.seq);
      // Nothing by a plan that is over, be it by a stop, a person or its time.
      for (const end of of("plan.ended", answer.plan)) expect(entry.seq).toBeLessThan(end.seq);
      const stood = approval!.body["steps"] as readonly { readonly number: number; readonly description: string }[];
      expect(stood).toContainEqual({ number: answer.number, description: entry.body["description"] });
      const once = `${answer.plan} ${answer.number}`;
      expect(used.has(once)).toBe(false);
      used.add(once);
    }
    for (const { id, digest } of await this.#plans()) {
      expect(of("plan.resolved", id).length).toBeLessThanOrEqual(1);
      expect(of("plan.ended", id).length).toBeLessThanOrEqual(1);
      for (const { body } of of("plan.resolved", id)) expect(body["digest"]).toBe(digest);
    }
  }
}

interface Moment {
  readonly afterMs: number;
  readonly together: readonly Act[];
}
const inTurn = (...turns: readonly Act[]): [Moment[]] => [turns.map((act) => ({ afterMs: 0, together: [act] }))];

/** Each way of ending once for certain; chance does the rest. */
const examples: [Moment[]][] = [
  inTurn("approve", "step 1", "step 2", "step 3"),
  inTurn("arrange", "deny"),
  inTurn("withdraw"),
  inTurn("approve", "revoke"),
  inTurn("approve", "stop"),
  inTurn("approve", "finish"),
  [[{ afterMs: expiresInMs, together: ["expire"] }]],
];

// oxfmt-ignore
const waysToEnd = [
  "plan.handed_in", "plan.arranged", "plan.resolved approved", "plan.resolved denied", "plan.resolved expired", "plan.resolved cancelled",
  "plan.ended stopped", "plan.ended revoked", "plan.ended run_finished", "plan.ended finished", "run.stopped",
];

describe("races on one plan", () => {
  let gate: TestGate;
  beforeAll(async () => {
    gate = await openTestGate();
  });
  afterAll(() => gate.close());

  it(
    "end it in exactly one way, use each step at most once, and never after a stop, a revocation or its end",
    { timeout: limitMs },
    async () => {
      const together = fc.array(fc.constantFrom(...acts, ...ends), { minLength: 1, maxLength: 6 });
      const sequence: fc.Arbitrary<Moment[]> = fc.array(fc.record({ afterMs: fc.constantFrom(...pauses), together }), {
        minLength: 1,
        maxLength: 8,
      });
      await fc.assert(
        fc.asyncProperty(sequence, async (moments) => {
          const race = await PlanRace.begin(gate);
          for (const { afterMs, together: now } of [{ afterMs: 0, together: ["hand in" as const] }, ...moments]) {
            gate.clock.now += afterMs;
            await race.run(now);
          }
          await race.check();
        }),
        { numRuns: races, examples },
      );
      expect(await verifyLog(gate.store.read)).toMatchObject({ ok: true });
      // The races were run: each way of ending was somebody's.
      expect([...happened]).toEqual(expect.arrayContaining(waysToEnd));
    },
  );
});
