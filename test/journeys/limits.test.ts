import type { ProposedAction } from "@pullcord/sdk/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { minute, startLimited, type Limited } from "./limited.js";

let on: Limited;
afterEach(() => on.close());

describe("a runaway loop", () => {
  it("is paused, then stopped, by itself, in the system's name", async () => {
    on = await startLimited("same_action: { pause: 5 }\nactions_per_run: { stop: 12 }");
    const run = await on.open();
    let answer = await on.act(run, on.reading("same"));
    for (let n = 0; n < 3; n += 1) answer = await on.act(run, on.reading("same"));
    expect(answer.next).toBe("run");
    answer = await on.act(run, on.reading("same"));
    expect(answer.next).toBe("wait");
    expect(answer.action.state.status).toBe("held");
    const [pause] = (await on.test.person.listInterventions({ run })).items;
    expect(pause).toMatchObject({ kind: "pause", by: { kind: "system", id: "same_action" }, reason: expect.stringContaining("5 times") });
    expect(await on.breaker("same_action", { run })).toMatchObject({ status: "open", response: "pause", probes: 3 });

    await on.test.person.limits.act({ guardrail: "same_action", owner: { kind: "run", id: run }, act: "reset" });
    expect((await on.test.person.getRun(run)).state.status).toBe("running");
    expect((await on.agent.getAction(answer.action.id)).state.status).toBe("allowed");
    for (let n = 0; n < 7; n += 1) answer = await on.act(run, on.reading(`other-${n}`));
    expect(answer.next).toBe("run");
    answer = await on.act(run, on.reading("one-too-many"));
    expect(answer).toMatchObject({ next: "deny", stop: true, action: { state: { status: "denied" } } });
    expect(answer.guidance).toBe(
      "Pullcord denied this: The run would have done 13 actions; the policy stops it above 12. The run is stopped. Do nothing more, and tell your human.",
    );
    expect((await on.test.person.getRun(run)).state.status).toBe("stopped");
    const [stop] = (await on.test.person.listInterventions({ run })).items;
    expect(stop).toMatchObject({ kind: "stop", by: { kind: "system", id: "actions_per_run" } });
    expect(await on.recordOf(run)).toEqual(["breaker.tripped", "breaker.reset", "breaker.tripped"]);
  });

  it("of an agent that is denied is noticed too", async () => {
    on = await startLimited('same_action: { pause: 4 }\nforbidden_paths: ["/secret/**"]');
    const run = await on.open();
    const forbidden: ProposedAction = { type: "file_read", arguments: { path: "/secret/key" } };
    for (let n = 0; n < 3; n += 1) expect((await on.act(run, forbidden)).next).toBe("deny");
    // A forbidden area stays forbidden; the loop shows as soon as anything else is tried.
    expect((await on.act(run, forbidden)).next).toBe("deny");
    expect((await on.test.person.limits.of({ run })).find(({ guardrail }) => guardrail === "same_action")?.used).toBe(4);
  });
});

describe("money", () => {
  it("asks, whatever the agent says of it, and is counted once it is spent", async () => {
    on = await startLimited("money_per_agent_day: { ask: 100, stop: 1000 }");
    const run = await on.open();
    const pay = (amount: number, more: Partial<ProposedAction> = {}): ProposedAction => ({
      type: "payment",
      arguments: { amount, to: `supplier ${amount}` },
      ...more,
    });
    const [first, then] = (await on.agent.dryRun(run, [pay(60), pay(50)])).actions;
    expect([first?.effect, then?.effect, then?.reasons[0]?.rule]).toEqual(["allow", "require_approval", "money_per_agent_day"]);
    expect((await on.act(run, pay(60))).next).toBe("run");
    const second = await on.act(run, pay(50, { claim: { risk: 0, confidence: 1, reversibility: "read_only" } }));
    expect(second.next).toBe("wait");
    expect(second.action.decision?.reasons[0]).toMatchObject({
      step: "guardrails",
      rule: "money_per_agent_day",
      line: 4,
      sentence: "Today the agent would have spent 110; the policy asks above 100.",
    });
    // Nobody has paid that yet.
    expect((await on.test.person.limits.of({ agent: "coder" })).find(({ guardrail }) => guardrail === "money_per_agent_day")?.used).toBe(
      60,
    );
    expect((await on.act(run, on.reading("a"))).next).toBe("run");
    await on.agent.reportUsage(run, { tokens: 1_000, cost: 45 });
    expect((await on.act(run, on.reading("b"))).next).toBe("wait");
    expect((await on.agent.propose(run, pay(5_000))).next).toBe("deny");
    expect((await on.test.person.getRun(run)).state.status).toBe("stopped");
    expect((await on.act(await on.open(), { type: "payment", arguments: { to: "somebody" } })).next).toBe("wait");
  });

  it("cannot be reported away, and a report sent twice counts once", async () => {
    on = await startLimited("tokens_per_run: { ask: 1000 }");
    const run = await on.open();
    await expect(on.agent.reportUsage(run, { tokens: -5 })).rejects.toMatchObject({ code: "invalid" });
    await on.agent.reportUsage(run, { tokens: 600 }, { idempotencyKey: "one" });
    await on.agent.reportUsage(run, { tokens: 600 }, { idempotencyKey: "one" });
    const answer = await on.agent.propose(run, on.reading("a"));
    expect(answer.next).toBe("run");
    await on.agent.reportOutcome(answer.action.id, { status: "succeeded", usage: { tokens: 500 } });
    expect((await on.act(run, on.reading("b"))).next).toBe("wait");
    const other = await on.test.agent("another");
    await expect(other.reportUsage(run, { tokens: 1 })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a day's limit", () => {
  it("holds in every run of the agent, and counts anew at midnight where the policy says", async () => {
    on = await startLimited("actions_per_agent_day: { ask: 3 }\nday_zone: Europe/Vienna");
    const run = await on.open();
    for (let n = 0; n < 3; n += 1) expect((await on.act(run, on.reading(`a-${n}`))).next).toBe("run");
    const next = await on.open();
    expect((await on.act(next, on.reading("b"))).next).toBe("wait");
    const [limit] = (await on.test.person.limits.of({ agent: "coder" })).filter(({ guardrail }) => guardrail === "actions_per_agent_day");
    expect(limit).toMatchObject({ used: 4, at: { ask: 3 }, state: { status: "open", response: "ask", probes: 0, until: limit?.resetsAt } });
    on.test.advance((limit?.resetsAt ?? 0) - Date.now() + minute);
    // Up to a day has gone by: the clock may have ended runs that were silent for so long.
    expect((await on.act(await on.open(), on.reading("c"))).next).toBe("run");
    await expect.poll(() => on.breaker("actions_per_agent_day", { agent: "coder" })).toEqual({ status: "closed" });
  });

  it("pauses every run of the agent, until a person gives more", async () => {
    on = await startLimited("tokens_per_agent_day: { warn: 10, pause: 100 }");
    const [one, other] = [await on.open(), await on.open()];
    await on.agent.reportUsage(one, { tokens: 50 });
    const warned = await on.act(one, on.reading("a"));
    expect(warned).toMatchObject({ next: "run", action: { decision: { obligations: [{ kind: "notify" }] } } });
    expect((await on.act(one, on.reading("b"))).next).toBe("run");
    expect(await on.recordOf()).toEqual(["breaker.warned"]);
    await on.agent.reportUsage(other, { tokens: 60 });
    expect((await on.act(other, on.reading("c"))).next).toBe("wait");
    for (const run of [one, other]) expect((await on.test.person.getRun(run)).state.status).toBe("paused");
    await on.test.person.limits.act({
      guardrail: "tokens_per_agent_day",
      owner: { kind: "agent", id: "coder" },
      act: "reset",
      reason: "It is worth it.",
    });
    for (const run of [one, other]) expect((await on.test.person.getRun(run)).state.status).toBe("running");
  });
});

it("notices what an agent has never done, and does so once a person approved it no more", async () => {
  on = await startLimited("anomaly: { after: 3, new_host: ask, new_kind: ask }");
  const run = await on.open();
  for (let n = 0; n < 3; n += 1) await on.act(run, on.reading(`a-${n}`));
  const call: ProposedAction = { type: "network_request", arguments: { url: "https://example.com/", method: "GET" } };
  const asked = await on.agent.propose(run, call);
  expect(asked.action.decision?.reasons.map(({ rule }) => rule)).toEqual(["anomaly.new_kind", "anomaly.new_host"]);
  if (asked.action.state.status !== "waiting") throw new Error(asked.action.state.status);
  expect(await on.test.person.getApprovalRequest(asked.action.state.approvalRequestId)).toMatchObject({ priority: 2 });
  await on.test.person.resolve(asked.action.state.approvalRequestId, { effect: "approve", digest: asked.action.digest });
  await on.agent.start(asked.action.id, asked.action.digest);
  await on.agent.reportOutcome(asked.action.id, { status: "succeeded" });
  expect((await on.act(run, call)).next).toBe("run");
});
