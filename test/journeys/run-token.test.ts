import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AgentClient } from "@pullcord/sdk/client";
import { startTestServer, type TestServer } from "./server-for-tests.js";

describe("a token that was made for one run", () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
  });
  afterAll(() => test.close());

  const begin = async (isForRun: boolean) => {
    const { secret } = await test.person.issueAgentToken("builder", undefined, { isForRun });
    const agent = new AgentClient({ url: test.server.url, token: secret });
    const { id } = await agent.openRun({ task: "build" });
    return { agent, id };
  };
  const open = (agent: AgentClient) => agent.openRun({ task: "another" });

  it.each(["succeeded", "lost"] as const)("ends with it, when it %s, and not with what that opened", async (result) => {
    const { agent, id } = await begin(true);
    const inner = await open(agent);
    await agent.finishRun(inner.id, "succeeded");
    await agent.finishRun(id, result);
    await expect(open(agent)).rejects.toMatchObject({ code: "unauthenticated", reason: "bad_token" });
    const { items } = await test.person.listAudit({ type: "agent_token.revoked", limit: 1 });
    expect(items).toMatchObject([{ runId: id, actor: { kind: "agent", id: "builder" } }]);
  });

  it("opens no other once it is stopped", async () => {
    const { agent, id } = await begin(true);
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id } });
    await expect(open(agent)).rejects.toMatchObject({ code: "forbidden", reason: "run_stopped" });
  });

  it("is another than a token of all runs, which goes on", async () => {
    const { agent, id } = await begin(false);
    await agent.finishRun(id, "lost");
    expect((await open(agent)).state.status).toBe("running");
    expect((await test.person.listAgentTokens()).items[0]).toMatchObject({ isForRun: false, revokedAt: null });
  });
});
