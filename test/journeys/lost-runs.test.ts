import { afterEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ProposedAction } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const hour = 3_600_000;
const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" }, expiresInMs: 200 * hour };
const policy = "version: 1\napproval: { expiry: { review: 30d, required: 30d } }\n";

let test: TestServer | null = null;
afterEach(async () => {
  await test?.close();
  test = null;
});

describe("a run that nothing is heard of", () => {
  async function asking(): Promise<{ test: TestServer; agent: AgentClient; runId: string; actionId: string }> {
    test = await startTestServer({ policy });
    const agent = await test.agent("coder");
    const run = await agent.openRun({ task: "ask", workingDirectory: test.folder });
    const { action } = await agent.propose(run.id, pushing);
    return { test, agent, runId: run.id, actionId: action.id };
  }
  const stateOf = async (runId: string) => (await test!.person.getRun(runId)).state;
  const untilLost = async (runId: string) => {
    await expect.poll(() => stateOf(runId)).toMatchObject({ status: "finished", result: "lost" });
  };

  it("is lost after a day, and its questions are withdrawn", async () => {
    const { test: server, runId } = await asking();
    server.advance(25 * hour);
    await untilLost(runId);
    const { items } = await server.person.listApprovalRequests({ run: runId });
    expect(items).toMatchObject([{ status: "cancelled" }]);
    expect((await server.person.readLog(runId)).items.at(-1)?.text).toContain("taken for lost");
  });

  it("is there while its gate listens, and while somebody waits for its answer", async () => {
    const { test: server, agent, runId, actionId } = await asking();
    // Nobody listens for these two: once one is lost, the server has looked at the other run as well.
    const first = await agent.openRun({ task: "silent" });
    const leave = new AbortController();
    const { promise: connected, resolve } = Promise.withResolvers<void>();
    const listening = (async () => {
      for await (const item of agent.events({ run: runId, signal: leave.signal })) if (item.kind === "connected") resolve();
    })();
    await connected;
    server.advance(23 * hour);
    const second = await agent.openRun({ task: "silent, too" });
    server.advance(2 * hour);
    await untilLost(first.id);
    expect((await stateOf(runId)).status).toBe("running");
    await agent.awaitAnswer(actionId, 0);
    leave.abort();
    await listening;
    server.advance(23 * hour);
    await untilLost(second.id);
    expect((await stateOf(runId)).status).toBe("running");
  });
});
