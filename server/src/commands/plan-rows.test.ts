import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Plan, RowsPreview } from "@pullcord/sdk/protocol";
import { commandOf, readingOf } from "../domain/facts-for-tests.js";
import { mostPreviewedSteps } from "../domain/plans/rows.js";
import type { RowsTask } from "../domain/snapshots.js";
import { listEntries } from "../store/audit.js";
import { findPlanRows } from "../store/plan-rows-previews.js";
import { findPlan } from "../store/plans.js";
import { arrangePlan } from "./arrange-plan.js";
import { forgetHistory } from "./forget-history.js";
import { agentCaller, askingProgram, openTestGate, people, type TestGate } from "./gate-for-tests.js";
import { handInPlan } from "./hand-in-plan.js";
import { openRun } from "./open-run.js";
import { planForPeople, rowsOfStep } from "./plan-rows.js";
import { resolvePlan } from "./resolve-plan.js";
import { rowsDesk } from "./rows-preview.js";
import { systemCaller } from "./runner.js";

const deleted = (rows: number): RowsPreview => ({
  status: "tried",
  at: 1,
  tables: [
    {
      database: "shop.db",
      table: "users",
      inserted: 0,
      updated: 0,
      deleted: rows,
      first: [{ kind: "deleted", key: "7", cells: [], moreCells: 0 }],
    },
  ],
  moreTables: 0,
  structure: [],
  wayBack: [],
  wayBackCount: rows,
});
const untried = { status: "untried", why: "It is locked." } as const;
const [ada] = people;
const caller = { actor: { kind: "person" as const, id: "ada" }, principal: "person:ada" };

/** Commands that name a database change rows of it: `push shop`. */
const databases = ["shop", "books"];

describe("rows that a plan is about", () => {
  let gate: TestGate;
  let tasks: RowsTask[];
  beforeEach(async () => {
    tasks = [];
    gate = await openTestGate({
      read: ({ arguments: { command } }) => {
        const named = databases.filter((name) => String(command).includes(name));
        const reading = readingOf({ commands: [commandOf(command as string)] });
        const rowsToTry = named.map((name) => ({ database: { dialect: "sqlite" as const, path: `/work/${name}.db` }, statements: [] }));
        return {
          ...reading,
          ...(named.length > 0 && { rowsToTry }),
          assessment: { ...reading.assessment, reversibility: "reversible" },
        };
      },
      previewRows: (task) => tasks.push(task),
    });
  });
  afterEach(() => gate.close());

  const look = () => ({ tx: gate.store.read, now: gate.clock.now, outside: gate.runner.outside });
  const desk = () => rowsDesk(() => gate.runner);
  const standing = async (id: string) => (await findPlan(gate.store.read, id))!;
  const shown = async (id: string) => planForPeople(look(), await standing(id));
  const rowsIn = ({ steps }: Plan) => steps.map(({ number, rows, rowsWithout }) => [number, rows?.status ?? null, rowsWithout ?? []]);
  async function handedIn(...words: readonly string[]): Promise<Plan> {
    const run = await gate.runner.run(openRun, { task: "work", tokenId: "t" }, agentCaller);
    const steps = words.map((word) => ({ type: "command_execute" as const, arguments: { command: `${askingProgram} ${word}` } }));
    return gate.runner.run(handInPlan, { runId: run.id, steps }, agentCaller);
  }
  const taskAt = (at: number): RowsTask => {
    const task = tasks.at(at);
    if (!task) throw new Error("nothing to preview");
    return task;
  };

  it("are previewed once it is on record, each step with those ahead that change the same database, and shown to people alone", async () => {
    const plan = await handedIn("shop", "it", "books", "shop and books");
    expect(taskAt(0)).toMatchObject({ agent: "coder", of: { kind: "plan", planId: plan.id, digest: plan.digest } });
    expect(taskAt(0).questions.map(({ rows }) => rows.length)).toEqual([1, 1, 2]);
    const before = await shown(plan.id);
    expect(rowsIn(before)).toEqual([
      [1, "trying", []],
      [2, null, []],
      [3, "trying", []],
      [4, "trying", [1, 3]],
    ]);
    expect(await desk().isWanted(taskAt(0))).toBe(true);
    await desk().report(taskAt(0), [deleted(1), untried, deleted(2)]);
    const after = await shown(plan.id);
    expect(rowsIn(after).map(([, status]) => status)).toEqual(["tried", null, "untried", "tried"]);
    expect(after.digest).toBe(plan.digest);
    const listed = await planForPeople(look(), await standing(plan.id), { isListed: true });
    expect(listed.steps[0]?.rows).toMatchObject({ tables: [{ deleted: 1, first: [] }] });
    expect(JSON.stringify(await standing(plan.id))).not.toContain("users");
    const [entry] = await listEntries(gate.store.read, { type: "plan.previewed", limit: 5, order: "newest" });
    expect(entry?.body).toMatchObject({ plan: plan.id, steps: [{ number: 1, status: "tried" }, { number: 3 }, { number: 4 }] });
    expect([entry?.runId, entry?.actionId]).toEqual([undefined, undefined]);
  });

  it("promise nothing, of a step or the whole, where they could not be tried", async () => {
    const plan = await handedIn("shop", "it");
    expect(plan.whole).toMatchObject({ reversibility: "reversible", undo: "An undo takes back all of it." });
    await desk().report(taskAt(0), [untried]);
    const { steps, whole } = await shown(plan.id);
    expect(steps.map(({ judged }) => judged.assessment?.reversibility)).toEqual(["externally_reversible", "reversible"]);
    expect(whole).toMatchObject({ reversibility: "externally_reversible", undo: "Only others can take back step 1. The rest it can." });
  });

  it("are previewed anew after every arrangement, and what comes late of the one before is nobody's", async () => {
    const plan = await handedIn("shop", "books");
    await desk().report(taskAt(0), [deleted(1), deleted(1)]);
    gate.clock.now += 1;
    const input = {
      planId: plan.id,
      digest: plan.digest,
      steps: [{ number: 2 }, { number: 1, arguments: { command: `${askingProgram} books` } }],
    };
    const arranged = await gate.runner.run(arrangePlan, input, caller);
    expect(rowsIn(await shown(plan.id))).toEqual([
      [2, "trying", []],
      [1, "trying", [2]],
    ]);
    expect(await desk().isWanted(taskAt(0))).toBe(false);
    await desk().report(taskAt(0), [deleted(9), deleted(9)]);
    expect(rowsIn(await shown(plan.id)).map(([, status]) => status)).toEqual(["trying", "trying"]);
    await desk().report(taskAt(1), [deleted(2), deleted(3)]);
    expect((await shown(plan.id)).steps.map(({ rows }) => rows)).toEqual([deleted(2), deleted(3)]);
    gate.clock.now += 1;
    const none = { planId: plan.id, digest: arranged.digest, steps: [{ number: 1, arguments: { command: `${askingProgram} it` } }] };
    await gate.runner.run(arrangePlan, none, caller);
    expect(rowsIn(await shown(plan.id))).toEqual([[1, null, []]]);
    expect(tasks).toHaveLength(2);
  });

  it("are what an approved step is held against, and no part of what was answered before they were there", async () => {
    const [shop, late] = [await handedIn("shop"), await handedIn("shop")];
    await desk().report(taskAt(0), [deleted(4)]);
    for (const { id: planId, digest } of [shop, late])
      await gate.runner.run(resolvePlan, { planId, digest, effect: "approve", person: ada! }, caller);
    expect(await rowsOfStep(look(), { plan: shop.id, number: 1, isAnswer: true })).toEqual(deleted(4));
    expect(await desk().isWanted(taskAt(1))).toBe(false);
    await desk().report(taskAt(1), [deleted(4)]);
    expect(await rowsOfStep(look(), { plan: late.id, number: 1, isAnswer: true })).toBeUndefined();
  });

  it("are previewed of so many steps, and go with the history of their decision", async () => {
    const plan = await handedIn(...Array.from({ length: mostPreviewedSteps + 1 }, () => "shop"));
    expect(taskAt(0).questions).toHaveLength(mostPreviewedSteps);
    expect((await shown(plan.id)).steps.at(-1)?.rows).toMatchObject({
      status: "untried",
      why: expect.stringContaining("first 20 steps") as unknown,
    });
    gate.clock.now += 120_001;
    expect((await shown(plan.id)).steps[0]?.rows).toEqual({ status: "untried", why: "Pullcord was restarted while it previewed them." });
    await gate.runner.run(forgetHistory, { decisionsBefore: gate.clock.now, policiesBefore: 0 }, systemCaller);
    expect(await findPlanRows(gate.store.read, plan.id)).toBeUndefined();
  });
});
