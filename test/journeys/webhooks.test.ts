import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IssuedWebhookToken, IssueWebhookToken, WebhookAnswer } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const alert = (fingerprint: string) => ({
  version: "4",
  status: "firing",
  alerts: [{ status: "firing", fingerprint, startsAt: "2026-11-21T12:00:00Z", labels: { alertname: "AgentSpend" } }],
});
const everything = { kind: "everything" } as const;

describe("a webhook", () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
  });
  afterAll(() => test.close());

  const make = (wanted: Partial<IssueWebhookToken> = {}) =>
    test.person.webhooks.makeToken({ name: "prod", kind: "alertmanager", act: "stop", scope: everything, ...wanted });
  const call = (path: string, secret: string, body: unknown = alert("a")) =>
    fetch(`${test.server.url}${path}`, {
      method: body === null ? "GET" : "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  const notify = async ({ path, secret }: IssuedWebhookToken, body?: unknown) => {
    const response = await call(path, secret, body);
    return { status: response.status, answer: (await response.json()) as WebhookAnswer & { reason?: string } };
  };
  const stateOf = async (id: string) => (await test.person.getRun(id)).state.status;

  it("stops its scope, once for the same notice, and is on record by its name", async () => {
    const run = await (await test.agent("coder")).openRun({ task: "spend" });
    const token = await make();
    const first = await notify(token);
    expect(first).toMatchObject({ status: 200, answer: { sentence: "Stopped 1 run." } });
    expect(await stateOf(run.id)).toBe("stopped");
    const later = await (await test.agent("coder")).openRun({ task: "again" });
    expect((await notify(token)).answer.interventionId).toBe(first.answer.interventionId);
    expect(await stateOf(later.id)).toBe("running");
    const made = await test.person.getIntervention(first.answer.interventionId ?? "");
    expect(made).toMatchObject({ by: { kind: "webhook", id: "prod" }, reason: "Alert AgentSpend fires." });
    expect((await notify(token, alert("b"))).answer.sentence).toBe("Stopped 1 run.");
  });

  it("pauses where it may pause, and only the agent that it is for", async () => {
    const [mine, other] = [
      await (await test.agent("mine")).openRun({ task: "a" }),
      await (await test.agent("other")).openRun({ task: "b" }),
    ];
    const token = await make({ kind: "feature-flag", act: "pause", scope: { kind: "agent", id: "mine" } });
    await notify(token, { flag: "agents-off", on: true, version: 1 });
    expect([await stateOf(mine.id), await stateOf(other.id)]).toEqual(["paused", "running"]);
    expect((await notify(token, { flag: "agents-off", on: false, version: 2 })).answer.interventionId).toBeNull();
    expect(await stateOf(mine.id)).toBe("paused");
  });

  it("can do nothing else with its token, and nobody else can call it", async () => {
    const token = await make();
    const reason = async (response: Promise<Response>) => ((await (await response).json()) as { reason: string }).reason;
    for (const path of ["/v1/interventions", "/v1/webhook-tokens", "/v1/agent-tokens"]) {
      expect(await reason(call(path, token.secret, { kind: "resume", scope: everything }))).toBe("webhooks_only");
    }
    expect(await reason(call("/v1/runs", token.secret, null))).toBe("webhooks_only");
    expect(await reason(call("/v1/webhooks/pagerduty", token.secret))).toBe("other_kind");
    expect(await reason(call(token.path, await test.server.ownerToken()))).toBe("webhooks_only");
    expect(await reason(call(token.path, (await test.person.issueAgentToken("x")).secret))).toBe("webhooks_only");
    expect(await reason(call(token.path, "pcw_guess"))).toBe("bad_token");
    expect((await notify(token, { version: "4" })).answer.reason).toBe("unknown_notice");
  });

  it("ends when it is revoked", async () => {
    const token = await make();
    await test.person.webhooks.revokeToken(token.id);
    expect(await notify(token)).toMatchObject({ status: 401 });
    expect((await test.person.webhooks.listTokens()).items.find(({ id }) => id === token.id)?.revokedAt).not.toBeNull();
    expect(JSON.stringify((await test.person.listAudit()).items)).not.toContain(token.secret);
  });
});
