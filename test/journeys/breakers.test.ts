import type { ProposedAction } from "@pullcord/sdk/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { pullcord } from "./cli/command.js";
import { hour, minute, startLimited, type Limited } from "./limited.js";

let on: Limited;
afterEach(() => on.close());

describe("the breaker of a rate", () => {
  const rules = "error_rate: { of_last: 4, ask_at: 0.5, pause_at: 1 }\nbreaker: { cool_down: 10m, probes: 2 }";

  it("opens, cools down to half-open, lets one action through at a time, and closes when they go well", async () => {
    on = await startLimited(rules);
    const run = await on.open();
    await on.fail(run, 2);
    for (const path of ["a", "b"]) await on.act(run, on.reading(path));
    expect((await on.act(run, on.reading("c"))).next).toBe("wait");
    expect(await on.breaker("error_rate", { run })).toMatchObject({ status: "open", response: "ask" });
    expect((await on.act(run, on.reading("d"))).next).toBe("wait");

    on.test.advance(11 * minute);
    await expect.poll(async () => (await on.breaker("error_rate", { run })).status).toBe("half_open");
    const probe = await on.agent.propose(run, on.reading("e"));
    expect(probe.next).toBe("run");
    expect((await on.agent.propose(run, on.reading("f"))).action.decision?.reasons[0]?.sentence).toContain("tries one action at a time");
    await on.agent.reportOutcome(probe.action.id, { status: "succeeded" });
    expect(await on.breaker("error_rate", { run })).toMatchObject({ status: "half_open", probesLeft: 1 });
    await on.act(run, on.reading("g"));
    expect(await on.breaker("error_rate", { run })).toEqual({ status: "closed" });
    expect((await on.act(run, on.reading("h"))).next).toBe("run");
    expect(await on.recordOf(run)).toEqual(["breaker.closed", "breaker.half_opened", "breaker.tripped"]);
  });

  it("opens anew when a probe fails", async () => {
    on = await startLimited(rules);
    const run = await on.open();
    await on.fail(run, 2);
    for (const path of ["a", "b"]) await on.act(run, on.reading(path));
    await on.act(run, on.reading("c"));
    on.test.advance(11 * minute);
    expect((await on.act(run, on.reading("d"), "failed")).next).toBe("run");
    expect(await on.breaker("error_rate", { run })).toMatchObject({ status: "open", reason: "A probe failed." });
    expect((await on.act(run, on.reading("e"))).next).toBe("wait");
  });
});

describe("a person", () => {
  it("lets a run go on for so many minutes after its time is up", async () => {
    on = await startLimited("run_time: 1h");
    const run = await on.open();
    on.test.advance(hour + minute);
    expect((await on.act(run, on.reading("a"))).next).toBe("wait");
    expect((await on.test.person.getRun(run)).state.status).toBe("paused");
    const owner = { kind: "run", id: run } as const;
    const act30 = { guardrail: "run_time", owner, act: "hold_closed", forMs: 30 * minute, reason: "Nearly done." } as const;
    expect(await on.test.person.limits.act(act30)).toMatchObject({ state: { status: "held", as: "closed", by: { kind: "person" } } });
    expect((await on.test.person.getRun(run)).state.status).toBe("running");
    expect((await on.act(run, on.reading("b"))).next).toBe("run");
    const [held] = (await on.test.person.listAudit({ type: "breaker.held" })).items;
    expect(held).toMatchObject({ actor: { kind: "person" }, body: { guardrail: "run_time", as: "closed", reason: "Nearly done." } });
    on.test.advance(31 * minute);
    expect((await on.act(run, on.reading("c"))).next).toBe("wait");
    expect((await on.test.person.getRun(run)).state.status).toBe("paused");
  });

  it("holds a breaker open: nothing that it guards runs until it is released", async () => {
    on = await startLimited("calls_per_agent: { pause: 50 }");
    const run = await on.open();
    const owner = { kind: "agent", id: "coder" } as const;
    const call: ProposedAction = { type: "network_request", arguments: { url: "https://example.com/", method: "GET" } };
    await expect(on.test.person.limits.act({ guardrail: "calls_per_agent", owner, act: "release" })).rejects.toMatchObject({
      reason: "not_held",
    });
    await on.test.person.limits.act({ guardrail: "calls_per_agent", owner, act: "hold_open" });
    expect((await on.test.person.limits.breakers()).items).toMatchObject([{ guardrail: "calls_per_agent", state: { as: "open" } }]);
    expect((await on.agent.propose(run, call)).action.decision).toMatchObject({ effect: "deny", reasons: [{ rule: "calls_per_agent" }] });
    expect((await on.act(run, on.reading("a"))).next).toBe("run");
    await on.test.person.limits.act({ guardrail: "calls_per_agent", owner, act: "release" });
    expect((await on.agent.propose(run, call)).next).toBe("run");
    await expect(on.test.person.limits.act({ guardrail: "apples", owner, act: "reset" })).rejects.toMatchObject({
      reason: "unknown_guardrail",
    });
    await expect(on.test.person.limits.of({ run: "" })).rejects.toMatchObject({ code: "invalid" });
  });
});

it("keeps what is used, and an open breaker, over a restart", async () => {
  on = await startLimited("tokens_per_agent: { pause: 100 }\nerror_rate: { of_last: 2, ask_at: 0.5, pause_at: 1 }");
  const run = await on.open();
  await on.agent.reportUsage(run, { tokens: 90 });
  await on.fail(run, 1);
  await on.act(run, on.reading("a"));
  expect((await on.act(run, on.reading("b"))).next).toBe("wait");
  const before = await on.test.person.limits.of({ run });
  expect(before.find(({ guardrail }) => guardrail === "error_rate")?.state.status).toBe("open");
  on = await on.restarted();
  const after = await on.test.person.limits.of({ run });
  expect(after.map(({ guardrail, state }) => [guardrail, state])).toEqual(before.map(({ guardrail, state }) => [guardrail, state]));
  const next = await on.open();
  await on.agent.reportUsage(next, { tokens: 20 });
  expect((await on.act(next, on.reading("c"))).next).toBe("wait");
});

it("is seen and let go on from the command line", async () => {
  on = await startLimited("run_time: 1h\ntokens_per_agent_day: { ask: 10 }");
  const run = await on.open();
  await on.agent.reportUsage(run, { tokens: 20 });
  expect((await on.act(run, on.reading("a"))).next).toBe("wait");
  const said = await pullcord(on.test.folder, ["limits", run]);
  expect(said).toMatchObject({
    status: 0,
    out: expect.stringMatching(/tokens_per_agent_day\s+agent\s+20\s+ask 10, .*open, asks/u) as string,
  });
  expect(said.out).toContain("pullcord breaker reset tokens_per_agent_day --agent coder");
  expect((await pullcord(on.test.folder, ["limits", "--agent", "coder"])).out).not.toContain("run_time");
  const other = await on.open();
  const unnamed = await pullcord(on.test.folder, ["limits"]);
  expect(unnamed.err).toMatch(/There are 2 runs[\s\S]*Name a run, or an agent with\s+--agent\s+NAME\./u);
  expect(unnamed.err).not.toContain("--all");
  await on.agent.finishRun(other, "succeeded");
  expect((await pullcord(on.test.folder, ["breaker", "list"])).out).toMatch(/tokens_per_agent_day\s+agent coder\s+x open/u);
  expect((await pullcord(on.test.folder, ["breaker", "reset", "tokens_per_agent_day", "--agent", "coder"])).status).toBe(0);
  expect((await on.act(run, on.reading("b"))).next).toBe("run");
  const extended = await pullcord(on.test.folder, ["breaker", "extend", "run_time", run, "--for", "30m", "--reason", "Nearly done"]);
  expect(extended).toMatchObject({ status: 0, out: expect.stringContaining("held closed by") as string });
  expect((await pullcord(on.test.folder, ["breaker", "extend", "run_time", run, "--for", "soon"])).status).not.toBe(0);
  expect((await pullcord(on.test.folder, ["breaker", "hold", "run_time", run, "--for", "25h"])).status).not.toBe(0);
  expect((await pullcord(on.test.folder, ["breaker", "release", "run_time", run])).status).toBe(0);
  const refused = await pullcord(on.test.folder, ["breaker", "reset", "run_time", run], { CLAUDECODE: "1" });
  expect(refused).toMatchObject({
    status: expect.toSatisfy((status: number) => status !== 0) as number,
    err: expect.stringContaining("Only a person") as string,
  });
});
