import type { BreakerState, LimitOwner } from "@pullcord/sdk/protocol";
import { expect, it } from "vitest";
import { withUse } from "../domain/limits/agent-tally.js";
import { findAgent, newAgent, saveAgent, saveAgentTally } from "./agents.js";
import { breakersOf, dueBreakers, listBreakers, saveBreaker } from "./breakers.js";
import { onEveryDatabase } from "./databases-for-tests.js";
import { emptyTally, insertRun } from "./runs.js";
import type { Transaction } from "./transaction.js";

const open = (until: number | null): BreakerState => ({ status: "open", response: "ask", reason: "Too much.", at: 1, until, probes: 0 });
const run: LimitOwner = { kind: "run", id: "coder" };
const agent: LimitOwner = { kind: "agent", id: "coder" };

async function openRun(tx: Transaction, id: string, status: "running" | "paused" | "stopped"): Promise<void> {
  const state = status === "running" ? { status } : { status, interventionId: "i1", at: 1 };
  await insertRun(tx, {
    id,
    agent: "coder",
    tokenId: "t1",
    opening: { task: "t" },
    openedAt: 1,
    lastActivityAt: 1,
    state,
    progress: null,
    tally: structuredClone(emptyTally),
  });
}

onEveryDatabase("breakers", (fresh) => {
  it("are kept by guardrail and owner, changed in their place, and gone once they are closed", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      for (const owner of [run, agent]) await saveBreaker(tx, { guardrail: "tokens", owner, state: open(null) });
      await saveBreaker(tx, { guardrail: "tokens", owner: agent, state: open(50) });
      await saveBreaker(tx, { guardrail: "money", owner: agent, state: { status: "closed", warned: { at: 1, until: null } } });
    });
    // A run may be called as the agent is.
    expect(await breakersOf(store.read, "coder", "coder")).toHaveLength(3);
    expect(await breakersOf(store.read, "other", "coder")).toEqual(
      expect.arrayContaining([
        { guardrail: "tokens", owner: agent, state: open(50) },
        { guardrail: "money", owner: agent, state: { status: "closed", warned: { at: 1, until: null } } },
      ]),
    );
    await store.transact((tx) => saveBreaker(tx, { guardrail: "tokens", owner: agent, state: { status: "closed" } }));
    expect(await breakersOf(store.read, "other", "coder")).toHaveLength(1);
  });

  it("are due when time changes them, and listed while they are not closed and their run goes on", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      for (const status of ["running", "paused", "stopped"] as const) await openRun(tx, status, status);
      for (const id of ["running", "paused", "stopped"])
        await saveBreaker(tx, { guardrail: "files", owner: { kind: "run", id }, state: open(null) });
      await saveBreaker(tx, { guardrail: "money", owner: agent, state: open(10) });
      await saveBreaker(tx, { guardrail: "calls", owner: agent, state: { status: "closed", warned: { at: 1, until: 5 } } });
    });
    expect((await dueBreakers(store.read, 4)).length).toBe(0);
    expect((await dueBreakers(store.read, 10)).map(({ guardrail }) => guardrail)).toEqual(["calls", "money"]);
    expect((await listBreakers(store.read)).map(({ owner }) => owner.id).toSorted()).toEqual(["coder", "paused", "running"]);
  });

  it("stand beside what an agent has used, which keeping the rest of the agent leaves alone", async () => {
    const store = await (await fresh()).store();
    await store.transact(async (tx) => {
      const coder = newAgent("coder", 1);
      await saveAgent(tx, coder);
      await saveAgentTally(tx, "coder", withUse(coder.tally, { tokens: 5, "tool:x": 1 }, { now: 1, zone: "UTC" }));
      await saveAgent(tx, { ...coder, runs: 2 });
    });
    expect(await findAgent(store.read, "coder")).toMatchObject({
      runs: 2,
      tally: { total: { tokens: 5, "tool:x": 1 }, day: { date: "1970-01-01" } },
    });
  });
});
