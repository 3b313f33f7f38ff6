import type { Plan } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { planOfCommands } from "../domain/plans/plan-for-tests.js";
import { onEveryDatabase } from "./databases-for-tests.js";
import {
  approvedPlan,
  countPendingPlans,
  deferPlanExpiry,
  duePlans,
  findPlan,
  insertPlan,
  listPlans,
  openPlans,
  updatePlan,
} from "./plans.js";
import type { Store } from "./store.js";

const pending: Partial<Plan> = { status: "pending", resolution: null, holdsUntil: null, expiresAt: 100 };
const planAs = (id: string, parts: Partial<Plan> = {}): Plan => planOfCommands(["make a"], { id, runId: "r1", ...parts });
const by = { kind: "person", id: "ada" } as const;

const put = (store: Store, ...plans: readonly Plan[]) =>
  store.transact(async (tx) => {
    for (const plan of plans) await insertPlan(tx, plan);
  });

onEveryDatabase("plans", (fresh) => {
  it("are answered once and end once, whoever is first", async () => {
    const store = await (await fresh()).store();
    const plan = planAs("n1", pending);
    await put(store, plan);
    const answer = (status: "approved" | "denied") =>
      store.transact((tx) => updatePlan(tx, { ...plan, status, holdsUntil: 200 }, "pending"));
    expect(await Promise.all([answer("approved"), answer("denied"), answer("approved")])).toEqual([true, false, false]);
    const approved = await findPlan(store.read, "n1");
    expect(approved).toMatchObject({ status: "approved" });
    const end = (at: number) => store.transact((tx) => updatePlan(tx, { ...approved!, ended: { why: "revoked", at, by } }));
    expect(await Promise.all([end(1), end(2)])).toEqual([true, false]);
  });

  it("of a run are found while they wait or hold, to the very millisecond", async () => {
    const store = await (await fresh()).store();
    const ended = { why: "finished", at: 1, by } as const;
    await put(
      store,
      planAs("n1", { ended, createdAt: 1 }),
      planAs("n2", { holdsUntil: 200, createdAt: 2 }),
      planAs("n3", { ...pending, createdAt: 3 }),
      planAs("n4", { status: "denied", createdAt: 4 }),
      planAs("n5", { ...pending, runId: "r2", createdAt: 5 }),
    );
    expect((await openPlans(store.read, "r1")).map(({ id }) => id)).toEqual(["n2", "n3"]);
    expect((await approvedPlan(store.read, "r1", 199))?.id).toBe("n2");
    expect(await approvedPlan(store.read, "r1", 200)).toBeNull();
    expect(await countPendingPlans(store.read)).toBe(2);
    const due = async (now: number) => (await duePlans(store.read, { now, limit: 9 })).map(({ id }) => id).toSorted();
    expect([await due(99), await due(100), await due(200)]).toEqual([[], ["n3", "n5"], ["n2", "n3", "n5"]]);
    await store.transact((tx) => deferPlanExpiry(tx, "r1", 50));
    expect(await due(100)).toEqual(["n5"]);
    const page = await listPlans(store.read, { limit: 2, cursor: { createdAt: 4, id: "n4" } });
    expect(page.map(({ id }) => id)).toEqual(["n3", "n2"]);
    expect((await listPlans(store.read, { limit: 9, status: "pending", run: "r2" })).map(({ id }) => id)).toEqual(["n5"]);
  });
});
