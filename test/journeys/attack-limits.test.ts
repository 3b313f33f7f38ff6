import { AgentClient } from "@pullcord/sdk/client";
import type { ProposedAction } from "@pullcord/sdk/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { minute, startLimited, type Limited } from "./limited.js";

/** A hostile agent against its own limits: it lies about what it used, names its sub-agents, opens runs, and takes turns at once. */

let on: Limited;
afterEach(() => on.close());

const ownerOf = (run: string) => ({ kind: "run" as const, id: run });

describe("a report of what was used", () => {
  it.each([{ tokens: -1 }, { tokens: 1.5 }, { tokens: 1e300 }, { cost: -0.01 }, { cost: 1e12 }, { cost: "NaN" }, { tokens: null }])(
    "is refused where it would lower or break what is counted: %o",
    async (usage) => {
      on = await startLimited("tokens_per_run: { pause: 100 }\nmoney_per_agent_day: { stop: 10 }");
      const run = await on.open();
      await on.agent.reportUsage(run, { tokens: 40 });
      await expect(on.agent.reportUsage(run, usage as { tokens: number })).rejects.toMatchObject({ code: "invalid" });
      const { action } = await on.agent.propose(run, on.reading("one"));
      const outcome = { status: "succeeded" as const, usage: usage as { tokens: number } };
      await expect(on.agent.reportOutcome(action.id, outcome)).rejects.toMatchObject({ code: "invalid" });
      expect((await on.test.person.limits.of({ run })).find(({ guardrail }) => guardrail === "tokens_per_run")?.used).toBe(40);
    },
  );

  it("counts for nobody else's run, and is held against the agent whichever token and run it comes from", async () => {
    on = await startLimited("tokens_per_agent: { stop: 100 }");
    const [run, second] = [await on.open(), await on.open()];
    const eve = await on.test.agent("eve");
    await expect(eve.reportUsage(run, { tokens: 1_000 })).rejects.toMatchObject({ code: "not_found" });
    const { secret } = await on.test.person.issueAgentToken("coder");
    const other = new AgentClient({ url: on.test.server.url, token: secret });
    await on.agent.reportUsage(run, { tokens: 60 });
    await other.reportUsage(second, { tokens: 60 });
    expect((await other.propose(second, on.reading("one"))).next).toBe("deny");
    expect((await on.agent.propose(run, on.reading("one"))).next).toBe("deny");
  });
});

describe("a sub-agent", () => {
  const names = ["constructor", "__proto__", "toString", "hasOwnProperty"];
  it.each(names)("is as deep as it is, also when it is called %s", async (id) => {
    on = await startLimited("sub_agent_depth: { stop: 2 }");
    const run = await on.open();
    const starting = (subagent?: string): ProposedAction => ({
      type: "agent_start",
      arguments: { task: `by ${subagent ?? "nobody"}` },
      ...(subagent === undefined ? {} : { subagent: { id: subagent } }),
    });
    await on.act(run, starting());
    await on.act(run, starting(id));
    await on.act(run, starting("second"));
    const last = await on.act(run, starting(id === "toString" ? "valueOf" : "toString"));
    expect(last).toMatchObject({ next: "deny", stop: true });
  });
});

describe("a breaker", () => {
  it("is nothing that an agent's token acts on", async () => {
    on = await startLimited("same_action: { pause: 3 }");
    const run = await on.open();
    for (let n = 0; n < 3; n += 1) await on.act(run, on.reading("same"));
    const { secret } = await on.test.person.issueAgentToken("coder");
    for (const act of ["reset", "extend", "release", "hold"]) {
      const answer = await fetch(new URL("/v1/breaker-acts", on.test.server.url), {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({ guardrail: "same_action", owner: ownerOf(run), act, forMs: minute }),
      });
      expect(answer.status).toBe(403);
    }
    expect(await on.breaker("same_action", { run })).toMatchObject({ status: "open" });
  });

  it("that is half open lets one of many through that come at once", async () => {
    on = await startLimited("error_rate: { of_last: 4, ask_at: 0.5, pause_at: 1 }\nbreaker: { cool_down: 1m, probes: 1 }");
    const run = await on.open();
    await on.fail(run, 2);
    for (const path of ["a", "b"]) await on.act(run, on.reading(path));
    expect((await on.act(run, on.reading("trips"))).next).toBe("wait");
    on.test.advance(2 * minute);
    await expect.poll(async () => (await on.breaker("error_rate", { run })).status).toBe("half_open");
    const answers = await Promise.all(Array.from({ length: 20 }, (_none, n) => on.agent.propose(run, on.reading(`probe-${n}`))));
    expect(answers.filter(({ next }) => next === "run")).toHaveLength(1);
  });
});
