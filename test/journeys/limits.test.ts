import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ActionAnswer, BreakerState, ProposedAction } from "@pullcord/sdk/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pullcord } from "./cli/command.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const minute = 60_000;
const hour = 60 * minute;

let workspace: string;
let test: TestServer;
let agent: AgentClient;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "pullcord-limits-"));
});

afterEach(async () => {
  await test.close();
  rmSync(workspace, { recursive: true, force: true });
});

/** A server with these guardrails and an agent that may do much. */
async function start(guardrails: string): Promise<void> {
  const policy = `version: 1\nautonomy: full\nguardrails:\n${guardrails.replaceAll(/^/gm, "  ")}\nrules:\n  - { id: pay, effect: allow, when: { type: payment }, level: required_2fa }\n`;
  test = await startTestServer({ policy });
  agent = await test.agent("coder", "autonomous");
}

async function open(): Promise<string> {
  return (await agent.openRun({ task: "limits", workingDirectory: workspace })).id;
}

function reading(path: string): ProposedAction {
  return { type: "file_read", arguments: { path: join(workspace, path) } };
}

/** Does it, as far as it may be done. */
async function act(run: string, action: ProposedAction, status: "succeeded" | "failed" = "succeeded"): Promise<ActionAnswer> {
  const answer = await agent.propose(run, action);
  if (answer.next === "run") await agent.reportOutcome(answer.action.id, { status });
  return answer;
}

async function fail(run: string, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await act(run, reading(`failing-${n}`), "failed");
}

async function breaker(guardrail: string, whose: { readonly run: string } | { readonly agent: string }): Promise<BreakerState> {
  const found = (await test.person.limits.of(whose)).find((one) => one.guardrail === guardrail);
  if (!found) throw new Error(`no limit ${guardrail}`);
  return found.state;
}

async function recordOf(run?: string): Promise<readonly string[]> {
  const { items } = await test.person.listAudit(run === undefined ? { limit: 200 } : { run, limit: 200 });
  return items.filter(({ type }) => type.startsWith("breaker.")).map(({ type }) => type);
}

describe("a runaway loop", () => {
  it("is paused, then stopped, by itself, in the system's name", async () => {
    await start("same_action: { pause: 5 }\nactions_per_run: { stop: 12 }");
    const run = await open();
    let answer = await act(run, reading("same"));
    for (let n = 0; n < 3; n += 1) answer = await act(run, reading("same"));
    expect(answer.next).toBe("run");
    answer = await act(run, reading("same"));
    expect(answer.next).toBe("wait");
    expect(answer.action.state.status).toBe("held");
    const [pause] = (await test.person.listInterventions({ run })).items;
    expect(pause).toMatchObject({ kind: "pause", by: { kind: "system", id: "same_action" }, reason: expect.stringContaining("5 times") });
    expect(await breaker("same_action", { run })).toMatchObject({ status: "open", response: "pause", probes: 3 });

    await test.person.limits.act({ guardrail: "same_action", owner: { kind: "run", id: run }, act: "reset" });
    expect((await test.person.getRun(run)).state.status).toBe("running");
    expect((await agent.getAction(answer.action.id)).state.status).toBe("allowed");
    for (let n = 0; n < 7; n += 1) answer = await act(run, reading(`other-${n}`));
    expect(answer.next).toBe("run");
    answer = await act(run, reading("one-too-many"));
    expect(answer).toMatchObject({ next: "deny", stop: true, action: { state: { status: "denied" } } });
    expect(answer.guidance).toBe(
      "Pullcord denied this: The run would have done 13 actions; the policy stops it above 12. The run is stopped. Do nothing more, and tell your human.",
    );
    expect((await test.person.getRun(run)).state.status).toBe("stopped");
    const [stop] = (await test.person.listInterventions({ run })).items;
    expect(stop).toMatchObject({ kind: "stop", by: { kind: "system", id: "actions_per_run" } });
    expect(await recordOf(run)).toEqual(["breaker.tripped", "breaker.reset", "breaker.tripped"]);
  });

  it("of an agent that is denied is noticed too", async () => {
    await start('same_action: { pause: 4 }\nforbidden_paths: ["/secret/**"]');
    const run = await open();
    const forbidden: ProposedAction = { type: "file_read", arguments: { path: "/secret/key" } };
    for (let n = 0; n < 3; n += 1) expect((await act(run, forbidden)).next).toBe("deny");
    // A forbidden area stays forbidden; the loop shows as soon as anything else is tried.
    expect((await act(run, forbidden)).next).toBe("deny");
    expect((await test.person.limits.of({ run })).find(({ guardrail }) => guardrail === "same_action")?.used).toBe(4);
  });
});

describe("money", () => {
  it("asks, whatever the agent says of it, and is counted once it is spent", async () => {
    await start("money_per_agent_day: { ask: 100, stop: 1000 }");
    const run = await open();
    const pay = (amount: number, more: Partial<ProposedAction> = {}): ProposedAction => ({
      type: "payment",
      arguments: { amount, to: `supplier ${amount}` },
      ...more,
    });
    const [first, then] = (await agent.dryRun(run, [pay(60), pay(50)])).actions;
    expect([first?.effect, then?.effect, then?.reasons[0]?.rule]).toEqual(["allow", "require_approval", "money_per_agent_day"]);
    expect((await act(run, pay(60))).next).toBe("run");
    const second = await act(run, pay(50, { claim: { risk: 0, confidence: 1, reversibility: "read_only" } }));
    expect(second.next).toBe("wait");
    expect(second.action.decision?.reasons[0]).toMatchObject({
      step: "guardrails",
      rule: "money_per_agent_day",
      line: 4,
      sentence: "Today the agent would have spent 110; the policy asks above 100.",
    });
    // Nobody has paid that yet.
    expect((await test.person.limits.of({ agent: "coder" })).find(({ guardrail }) => guardrail === "money_per_agent_day")?.used).toBe(60);
    expect((await act(run, reading("a"))).next).toBe("run");
    await agent.reportUsage(run, { tokens: 1_000, cost: 45 });
    expect((await act(run, reading("b"))).next).toBe("wait");
    expect((await agent.propose(run, pay(5_000))).next).toBe("deny");
    expect((await test.person.getRun(run)).state.status).toBe("stopped");
    expect((await act(await open(), { type: "payment", arguments: { to: "somebody" } })).next).toBe("wait");
  });

  it("cannot be reported away, and a report sent twice counts once", async () => {
    await start("tokens_per_run: { ask: 1000 }");
    const run = await open();
    await expect(agent.reportUsage(run, { tokens: -5 })).rejects.toMatchObject({ code: "invalid" });
    await agent.reportUsage(run, { tokens: 600 }, { idempotencyKey: "one" });
    await agent.reportUsage(run, { tokens: 600 }, { idempotencyKey: "one" });
    const answer = await agent.propose(run, reading("a"));
    expect(answer.next).toBe("run");
    await agent.reportOutcome(answer.action.id, { status: "succeeded", usage: { tokens: 500 } });
    expect((await act(run, reading("b"))).next).toBe("wait");
    const other = await test.agent("another");
    await expect(other.reportUsage(run, { tokens: 1 })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a day's limit", () => {
  it("holds in every run of the agent, and counts anew at midnight where the policy says", async () => {
    await start("actions_per_agent_day: { ask: 3 }\nday_zone: Europe/Vienna");
    const run = await open();
    for (let n = 0; n < 3; n += 1) expect((await act(run, reading(`a-${n}`))).next).toBe("run");
    const next = await open();
    expect((await act(next, reading("b"))).next).toBe("wait");
    const [limit] = (await test.person.limits.of({ agent: "coder" })).filter(({ guardrail }) => guardrail === "actions_per_agent_day");
    expect(limit).toMatchObject({ used: 4, at: { ask: 3 }, state: { status: "open", response: "ask", probes: 0, until: limit?.resetsAt } });
    test.advance((limit?.resetsAt ?? 0) - Date.now() + minute);
    expect((await act(next, reading("c"))).next).toBe("run");
    await vi.waitFor(async () => expect(await breaker("actions_per_agent_day", { agent: "coder" })).toEqual({ status: "closed" }));
  });

  it("pauses every run of the agent, until a person gives more", async () => {
    await start("tokens_per_agent_day: { warn: 10, pause: 100 }");
    const [one, other] = [await open(), await open()];
    await agent.reportUsage(one, { tokens: 50 });
    const warned = await act(one, reading("a"));
    expect(warned).toMatchObject({ next: "run", action: { decision: { obligations: [{ kind: "notify" }] } } });
    expect((await act(one, reading("b"))).next).toBe("run");
    expect(await recordOf()).toEqual(["breaker.warned"]);
    await agent.reportUsage(other, { tokens: 60 });
    expect((await act(other, reading("c"))).next).toBe("wait");
    for (const run of [one, other]) expect((await test.person.getRun(run)).state.status).toBe("paused");
    await test.person.limits.act({
      guardrail: "tokens_per_agent_day",
      owner: { kind: "agent", id: "coder" },
      act: "reset",
      reason: "It is worth it.",
    });
    for (const run of [one, other]) expect((await test.person.getRun(run)).state.status).toBe("running");
  });
});

describe("the breaker of a rate", () => {
  const rules = "error_rate: { of_last: 4, ask_at: 0.5, pause_at: 1 }\nbreaker: { cool_down: 10m, probes: 2 }";

  it("opens, cools down to half-open, lets one action through at a time, and closes when they go well", async () => {
    await start(rules);
    const run = await open();
    await fail(run, 2);
    for (const path of ["a", "b"]) await act(run, reading(path));
    expect((await act(run, reading("c"))).next).toBe("wait");
    expect(await breaker("error_rate", { run })).toMatchObject({ status: "open", response: "ask" });
    expect((await act(run, reading("d"))).next).toBe("wait");

    test.advance(11 * minute);
    await vi.waitFor(async () => expect((await breaker("error_rate", { run })).status).toBe("half_open"));
    const probe = await agent.propose(run, reading("e"));
    expect(probe.next).toBe("run");
    expect((await agent.propose(run, reading("f"))).action.decision?.reasons[0]?.sentence).toContain("tries one action at a time");
    await agent.reportOutcome(probe.action.id, { status: "succeeded" });
    expect(await breaker("error_rate", { run })).toMatchObject({ status: "half_open", probesLeft: 1 });
    await act(run, reading("g"));
    expect(await breaker("error_rate", { run })).toEqual({ status: "closed" });
    expect((await act(run, reading("h"))).next).toBe("run");
    expect(await recordOf(run)).toEqual(["breaker.closed", "breaker.half_opened", "breaker.tripped"]);
  });

  it("opens anew when a probe fails", async () => {
    await start(rules);
    const run = await open();
    await fail(run, 2);
    for (const path of ["a", "b"]) await act(run, reading(path));
    await act(run, reading("c"));
    test.advance(11 * minute);
    expect((await act(run, reading("d"), "failed")).next).toBe("run");
    expect(await breaker("error_rate", { run })).toMatchObject({ status: "open", reason: "A probe failed." });
    expect((await act(run, reading("e"))).next).toBe("wait");
  });
});

describe("a person", () => {
  it("lets a run go on for so many minutes after its time is up", async () => {
    await start("run_time: 1h");
    const run = await open();
    test.advance(hour + minute);
    expect((await act(run, reading("a"))).next).toBe("wait");
    expect((await test.person.getRun(run)).state.status).toBe("paused");
    const owner = { kind: "run", id: run } as const;
    const act30 = { guardrail: "run_time", owner, act: "hold_closed", forMs: 30 * minute, reason: "Nearly done." } as const;
    expect(await test.person.limits.act(act30)).toMatchObject({ state: { status: "held", as: "closed", by: { kind: "person" } } });
    expect((await test.person.getRun(run)).state.status).toBe("running");
    expect((await act(run, reading("b"))).next).toBe("run");
    const [held] = (await test.person.listAudit({ type: "breaker.held" })).items;
    expect(held).toMatchObject({ actor: { kind: "person" }, body: { guardrail: "run_time", as: "closed", reason: "Nearly done." } });
    test.advance(31 * minute);
    expect((await act(run, reading("c"))).next).toBe("wait");
    expect((await test.person.getRun(run)).state.status).toBe("paused");
  });

  it("holds a breaker open: nothing that it guards runs until it is released", async () => {
    await start("calls_per_agent: { pause: 50 }");
    const run = await open();
    const owner = { kind: "agent", id: "coder" } as const;
    const call: ProposedAction = { type: "network_request", arguments: { url: "https://example.com/", method: "GET" } };
    await expect(test.person.limits.act({ guardrail: "calls_per_agent", owner, act: "release" })).rejects.toMatchObject({
      reason: "not_held",
    });
    await test.person.limits.act({ guardrail: "calls_per_agent", owner, act: "hold_open" });
    expect((await test.person.limits.breakers()).items).toMatchObject([{ guardrail: "calls_per_agent", state: { as: "open" } }]);
    expect((await agent.propose(run, call)).action.decision).toMatchObject({ effect: "deny", reasons: [{ rule: "calls_per_agent" }] });
    expect((await act(run, reading("a"))).next).toBe("run");
    await test.person.limits.act({ guardrail: "calls_per_agent", owner, act: "release" });
    expect((await agent.propose(run, call)).next).toBe("run");
    await expect(test.person.limits.act({ guardrail: "apples", owner, act: "reset" })).rejects.toMatchObject({
      reason: "unknown_guardrail",
    });
    await expect(test.person.limits.of({ run: "" })).rejects.toMatchObject({ code: "invalid" });
  });
});

it("notices what an agent has never done, and does so once a person approved it no more", async () => {
  await start("anomaly: { after: 3, new_host: ask, new_kind: ask }");
  const run = await open();
  for (let n = 0; n < 3; n += 1) await act(run, reading(`a-${n}`));
  const call: ProposedAction = { type: "network_request", arguments: { url: "https://example.com/", method: "GET" } };
  const asked = await agent.propose(run, call);
  expect(asked.action.decision?.reasons.map(({ rule }) => rule)).toEqual(["anomaly.new_kind", "anomaly.new_host"]);
  if (asked.action.state.status !== "waiting") throw new Error(asked.action.state.status);
  expect(await test.person.getApprovalRequest(asked.action.state.approvalRequestId)).toMatchObject({ priority: 2 });
  await test.person.resolve(asked.action.state.approvalRequestId, { effect: "approve", digest: asked.action.digest });
  await agent.start(asked.action.id, asked.action.digest);
  await agent.reportOutcome(asked.action.id, { status: "succeeded" });
  expect((await act(run, call)).next).toBe("run");
});

it("keeps what is used, and an open breaker, over a restart", async () => {
  await start("tokens_per_agent: { pause: 100 }\nerror_rate: { of_last: 2, ask_at: 0.5, pause_at: 1 }");
  const run = await open();
  await agent.reportUsage(run, { tokens: 90 });
  await fail(run, 1);
  await act(run, reading("a"));
  expect((await act(run, reading("b"))).next).toBe("wait");
  const before = await test.person.limits.of({ run });
  expect(before.find(({ guardrail }) => guardrail === "error_rate")?.state.status).toBe("open");
  await test.server.close();
  test = await startTestServer({ dataFolder: test.folder });
  agent = await test.agent("coder", "autonomous");
  const after = await test.person.limits.of({ run });
  expect(after.map(({ guardrail, state }) => [guardrail, state])).toEqual(before.map(({ guardrail, state }) => [guardrail, state]));
  const next = await open();
  await agent.reportUsage(next, { tokens: 20 });
  expect((await act(next, reading("c"))).next).toBe("wait");
});

it("is seen and let go on from the command line", async () => {
  await start("run_time: 1h\ntokens_per_agent_day: { ask: 10 }");
  writeFileSync(join(test.folder, "credentials.json"), JSON.stringify({ server: test.server.url, token: await test.server.ownerToken() }));
  const run = await open();
  await agent.reportUsage(run, { tokens: 20 });
  expect((await act(run, reading("a"))).next).toBe("wait");
  const said = await pullcord(test.folder, ["limits", run]);
  expect(said).toMatchObject({
    status: 0,
    out: expect.stringMatching(/tokens_per_agent_day\s+agent\s+20\s+ask 10, anew in .*open, asks/u) as string,
  });
  expect(said.out).toContain("pullcord breaker reset tokens_per_agent_day --agent coder");
  expect((await pullcord(test.folder, ["limits", "--agent", "coder"])).out).not.toContain("run_time");
  expect((await pullcord(test.folder, ["breaker", "list"])).out).toMatch(/tokens_per_agent_day\s+agent coder\s+x open/u);
  expect((await pullcord(test.folder, ["breaker", "reset", "tokens_per_agent_day", "--agent", "coder"])).status).toBe(0);
  expect((await act(run, reading("b"))).next).toBe("run");
  const extended = await pullcord(test.folder, ["breaker", "extend", "run_time", run, "--for", "30m", "--reason", "Nearly done"]);
  expect(extended).toMatchObject({ status: 0, out: expect.stringContaining("held closed by") as string });
  expect((await pullcord(test.folder, ["breaker", "extend", "run_time", run, "--for", "soon"])).status).not.toBe(0);
  expect((await pullcord(test.folder, ["breaker", "hold", "run_time", run, "--for", "25h"])).status).not.toBe(0);
  expect((await pullcord(test.folder, ["breaker", "release", "run_time", run])).status).toBe(0);
  const refused = await pullcord(test.folder, ["breaker", "reset", "run_time", run], { CLAUDECODE: "1" });
  expect(refused).toMatchObject({
    status: expect.toSatisfy((status: number) => status !== 0) as number,
    err: expect.stringContaining("Only a person") as string,
  });
});
