import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { LiveEvent, Run } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

describe("the live stream", () => {
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  beforeAll(async () => {
    test = await startTestServer();
    agent = await test.agent("coder");
    run = await agent.openRun({ task: "stream" });
  });
  afterAll(() => test.close());

  const act = () => agent.propose(run.id, { type: "command_execute", arguments: { command: "ls" } });

  it("carries every recorded event once and in order, across broken connections", async () => {
    const seen: number[] = [];
    const wanted = 120;
    let broken = 0;
    const writing = (async () => {
      for (let count = 0; count < wanted; count += 1) await act();
    })();
    let after = 0;
    while (seen.length < wanted) {
      const cut = new AbortController();
      for await (const item of test.person.events({ after, signal: cut.signal })) {
        if (item.kind !== "recorded") continue;
        after = item.entry.seq;
        seen.push(item.entry.seq);
        // Break the connection now and then, in the middle of the flow.
        if (seen.length % 25 === 0) {
          broken += 1;
          cut.abort();
          break;
        }
        if (seen.length >= wanted) cut.abort();
      }
    }
    await writing;
    expect(broken).toBeGreaterThan(2);
    expect(seen).toEqual(seen.map((_, index) => index + 1));
  });

  it("says where the record stands, so that a connection lost before the first event loses nothing", async () => {
    const { secret } = await test.person.issueAgentToken("coder");
    const connect = (after?: number) => {
      const cut = new AbortController();
      const address = `${test.server.url}/v1/events?run=${run.id}${after === undefined ? "" : `&after=${after}`}`;
      return { cut, answer: fetch(address, { headers: { authorization: `Bearer ${secret}` }, signal: cut.signal }) };
    };
    const first = connect();
    const position = Number(await firstMatch(await first.answer, /^id: (\d+)\n\n/mu));
    expect(position).toBe((await test.person.verifyAudit()).entries);
    first.cut.abort();
    await act();
    const second = connect(position);
    expect(Number(await firstMatch(await second.answer, /^id: (\d+)\ndata:/mu))).toBe(position + 1);
    second.cut.abort();
  });

  it("gives a long past as fast as it is taken, and the present after it", async () => {
    const from = (await test.person.verifyAudit()).entries;
    const past = 2_500;
    for (let count = 0; count < past; count += 100) await Promise.all(Array.from({ length: 100 }, act));
    const cut = new AbortController();
    const seen: number[] = [];
    let connections = 0;
    for await (const item of test.person.events({ after: from, signal: cut.signal })) {
      if (item.kind === "connected") connections += 1;
      if (item.kind !== "recorded") continue;
      seen.push(item.entry.seq);
      if (seen.length === past) void act();
      if (seen.length > past) cut.abort();
    }
    expect(connections).toBe(1);
    expect(seen).toEqual(seen.map((_, index) => from + 1 + index));
  });

  it("tells an agent about its own run only, with output and progress", async () => {
    const other = await test.agent("other");
    const otherRun = await other.openRun({ task: "other" });
    const cut = new AbortController();
    const seen: LiveEvent[] = [];
    const stream = agent.events({ run: run.id, signal: cut.signal });
    expect((await stream.next()).value).toEqual({ kind: "connected" });
    const reading = (async () => {
      for await (const item of stream) {
        if (item.kind === "connected" || item.kind === "disconnected") continue;
        seen.push(item);
        if (item.kind === "log") cut.abort();
      }
    })();
    await other.propose(otherRun.id, { type: "command_execute", arguments: { command: "ls" } });
    await act();
    await agent.reportProgress(run.id, { n: 2, of: 5, item: "file b" });
    await agent.appendLog(run.id, [{ stream: "stdout", text: "hello" }]);
    await reading;
    expect(seen.map((event) => event.kind)).toEqual(["recorded", "progress", "log"]);
    await expect(agent.events({ run: otherRun.id }).next()).rejects.toMatchObject({ code: "not_found" });
  });

  it("tells people who follow a run what was done to many, and an agent what became of its own", async () => {
    const [mine, others] = [await agent.openRun({ task: "mine" }), await agent.openRun({ task: "another's" })];
    const heardUntil = async (stream: ReturnType<AgentClient["events"]>) => {
      const types: string[] = [];
      for await (const item of stream) {
        if (item.kind !== "recorded") continue;
        types.push(item.entry.type);
        if (item.entry.type === "run.stopped") return types;
      }
      return types;
    };
    const streams = [agent, test.person].map((client) => client.events({ run: mine.id }));
    for (const stream of streams) await stream.next();
    const heard = streams.map(heardUntil);
    await test.person.intervene({ kind: "stop", scope: { kind: "agent", id: "coder" } });
    expect(await Promise.all(heard)).toEqual([["run.stopped"], ["intervention.made", "run.stopped"]]);
    expect((await agent.getRun(others.id)).state.status).toBe("stopped");
  });

  it("keeps output for whoever comes later", async () => {
    await agent.appendLog(run.id, [
      { stream: "stdout", text: "one" },
      { stream: "stderr", text: "two" },
    ]);
    const { items } = await test.person.readLog(run.id);
    expect(items.slice(-2).map((line) => line.text)).toEqual(["one", "two"]);
    expect((await test.person.readLog(run.id, { after: items.at(-2)?.seq ?? 0 })).items.map((line) => line.text)).toEqual(["two"]);
  });
});

async function firstMatch(response: Response, pattern: RegExp): Promise<string | undefined> {
  expect(response.status).toBe(200);
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
