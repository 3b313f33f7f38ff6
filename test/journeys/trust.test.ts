import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { Action, AuditEntry, ProposedAction, Run } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const request: ProposedAction = { type: "network_request", arguments: { url: "https://api.example.org/orders", method: "POST" } };

describe("trust", () => {
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  beforeAll(async () => {
    test = await startTestServer({
      policy: "version: 1\nrules:\n  - id: orders\n    effect: allow\n    when: { host: api.example.org }\n",
    });
    agent = await test.agent("shopper", "restricted");
    run = await agent.openRun({ task: "shop" });
  });
  afterAll(() => test.close());

  const act = async (status: "succeeded" | "failed"): Promise<Action> => {
    const { action } = await agent.propose(run.id, request);
    expect(action.state.status).toBe("allowed");
    return agent.reportOutcome(action.id, { status });
  };
  const standing = async () =>
    (await test.person.agentTrust("shopper")).capabilities.find(({ capability }) => capability === "network_request");
  const trustEntries = async (): Promise<readonly AuditEntry[]> =>
    (await test.person.listAudit({ limit: 200 })).items.filter((entry) => entry.type.startsWith("trust."));

  it("is earned by what succeeds, is proposed, holds once a person ratifies it, and is lost at once", async () => {
    expect(await standing()).toBeUndefined();
    const risk = (await act("succeeded")).assessment?.score ?? 0;
    expect(risk).toBeGreaterThanOrEqual(10);
    const first = await standing();
    expect(first).toMatchObject({ tier: "restricted", proposed: null });

    for (let tries = 0; tries < 200 && (await standing())?.proposed === null; tries += 1) await act("succeeded");
    expect(await standing()).toMatchObject({ tier: "restricted", proposed: "supervised" });
    expect((await trustEntries()).at(0)).toMatchObject({
      type: "trust.proposed",
      actor: { kind: "system" },
      body: { agent: "shopper", capability: "network_request", from: "restricted", to: "supervised" },
    });
    const listed = (await test.person.listAgents()).items.find(({ name }) => name === "shopper");
    expect(listed?.trust).toContainEqual(expect.objectContaining({ capability: "network_request", proposed: "supervised" }));

    await test.person.setTrust("shopper", "supervised", { capability: "network_request", reason: "It did well." });
    expect(await standing()).toMatchObject({ tier: "supervised", proposed: null });
    const { action } = await agent.propose(run.id, request);
    expect(action.decision).toMatchObject({ trustTier: "supervised", types: expect.arrayContaining(["network_request"]) });

    for (let tries = 0; tries < 100 && (await standing())?.tier === "supervised"; tries += 1) await refuse();
    expect(await standing()).toMatchObject({ tier: "restricted" });
    expect((await trustEntries()).at(0)).toMatchObject({ type: "trust.changed", body: { cause: "refused", to: "restricted" } });
    expect((await standing())?.history.length).toBeGreaterThan(0);
  });

  it("has no history for an agent that nobody knows", async () => {
    await expect(test.person.agentTrust("nobody")).rejects.toMatchObject({ code: "not_found", reason: "unknown_agent" });
  });

  /** Deleting on another host is asked about. */
  async function askedDelete() {
    const { action } = await agent.propose(run.id, {
      type: "network_request",
      arguments: { url: `https://other.example.org/${Math.random()}`, method: "DELETE" },
    });
    if (action.state.status !== "waiting") throw new Error(`It was ${action.state.status}.`);
    return { request: await test.person.getApprovalRequest(action.state.approvalRequestId) };
  }

  async function refuse(): Promise<void> {
    const { request: asked } = await askedDelete();
    await test.person.resolve(asked.id, { effect: "deny", digest: asked.action.digest });
  }
});
