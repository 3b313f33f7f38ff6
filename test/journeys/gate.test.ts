import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import { actionDigest } from "@pullcord/sdk/digest";
import type { ProposedAction, Run } from "@pullcord/sdk/protocol";
import { holdFor, startTestServer, type TestServer } from "./server-for-tests.js";

const reading: ProposedAction = { type: "command_execute", arguments: { command: "ls -la" } };
const pushing: ProposedAction = { type: "command_execute", arguments: { command: "git push origin main" } };

describe("the gate over HTTP", () => {
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  beforeAll(async () => {
    test = await startTestServer();
    agent = await test.agent("coder");
    run = await agent.openRun({ task: "try the gate", workingDirectory: test.folder });
  });
  afterAll(() => test.close());

  it("lets harmless actions run at once and keeps their outcome", async () => {
    const answer = await agent.propose(run.id, reading);
    expect(answer).toMatchObject({ next: "run", action: { state: { status: "allowed" } } });
    const ended = await agent.reportOutcome(answer.action.id, { status: "succeeded", summary: "3 files" });
    expect(ended.state).toMatchObject({ status: "succeeded", outcome: { summary: "3 files" } });
    await expect(agent.reportOutcome(answer.action.id, { status: "failed" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("asks a person, wakes the waiting agent, and lets the permit be used once", async () => {
    const asked = await agent.propose(run.id, pushing);
    expect(asked.next).toBe("wait");
    const waiting = agent.awaitAnswer(asked.action.id, 30_000);
    const { items } = await test.person.listApprovalRequests({ status: "pending" });
    const request = items.find((item) => item.action.id === asked.action.id)!;
    const presenceProof = await holdFor(test.person, request.action.digest);
    await test.person.resolve(request.id, { effect: "approve", digest: request.action.digest, presenceProof });
    const answer = await waiting;
    expect(answer.next).toBe("consume");
    const digest = actionDigest({ agent: "coder", runId: run.id, proposed: pushing });
    await expect(agent.start(asked.action.id, "0".repeat(64))).rejects.toMatchObject({ reason: "digest_mismatch" });
    expect((await agent.start(asked.action.id, digest)).next).toBe("run");
    expect((await agent.start(asked.action.id, digest)).next).toBe("deny");
    await agent.reportOutcome(asked.action.id, { status: "succeeded" });
  }, 20_000);

  it("refuses an approval without the presence check, and one for another digest", async () => {
    const { action } = await agent.propose(run.id, pushing);
    const id = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    await expect(test.person.resolve(id, { effect: "approve", digest: action.digest })).rejects.toMatchObject({
      reason: "presence_required",
    });
    await expect(test.person.resolve(id, { effect: "approve", digest: "0".repeat(64) })).rejects.toMatchObject({
      reason: "digest_mismatch",
    });
    await test.person.resolve(id, { effect: "deny", digest: action.digest, reason: "push to a branch" });
    expect(await agent.awaitAnswer(action.id, 0)).toMatchObject({ next: "deny", guidance: expect.stringContaining("push to a branch") });
    await expect(test.person.resolve(id, { effect: "deny", digest: action.digest })).rejects.toMatchObject({ code: "conflict" });
  });

  it("denies what nobody answered in time", async () => {
    const { action } = await agent.propose(run.id, { ...pushing, expiresInMs: 60_000 });
    test.advance(60_001);
    expect(await agent.awaitAnswer(action.id, 5_000)).toMatchObject({ next: "deny", guidance: expect.stringContaining("nobody answered") });
  });

  it("lets a person run other arguments, judged as what they are", async () => {
    const { action } = await agent.propose(run.id, {
      type: "command_execute",
      arguments: { command: "curl -X POST https://api.example.com/x" },
    });
    const id = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    const approve = (command: string, presenceProof?: string) =>
      test.person.resolve(id, {
        effect: "approve",
        digest: action.digest,
        modifiedArguments: { command },
        ...(presenceProof === undefined ? {} : { presenceProof }),
      });
    await expect(approve("rm -rf /")).rejects.toMatchObject({ reason: "edit_denied" });
    await expect(approve("rm -rf ../other")).rejects.toMatchObject({ reason: "presence_required" });
    const resolved = await approve("ls", await holdFor(test.person, action.digest));
    expect(resolved.action).toMatchObject({ approvedArguments: { command: "ls" }, state: { status: "approved" } });
    expect((await agent.start(action.id, action.digest).catch((error: unknown) => error)) as object).toMatchObject({
      reason: "digest_mismatch",
    });
    expect((await agent.start(action.id, resolved.action.approvedDigest ?? "")).next).toBe("run");
  }, 20_000);

  it("asks anew when a permit was not used in time", async () => {
    // Within a day, after which a run that says nothing is over by itself.
    const proposed: ProposedAction = { ...pushing, arguments: { command: "git push origin stale" }, expiresInMs: 2 * 3_600_000 };
    const { action } = await agent.propose(run.id, proposed);
    const id = action.state.status === "waiting" ? action.state.approvalRequestId : "";
    await test.person.resolve(id, { effect: "approve", digest: action.digest, presenceProof: await holdFor(test.person, action.digest) });
    test.advance(3 * 3_600_000);
    expect((await agent.start(action.id, action.digest)).next).toBe("deny");
    const again = await agent.propose(run.id, proposed);
    expect(again.action.id).not.toBe(action.id);
    await agent.withdraw(again.action.id, "done");
  }, 20_000);

  it("joins a repeated proposal to the question that is open", async () => {
    const first = await agent.propose(run.id, pushing);
    const second = await agent.propose(run.id, { ...pushing, externalId: "another-call" });
    expect(second.action.id).toBe(first.action.id);
    await agent.withdraw(first.action.id, "not needed");
  });

  it("answers a repeated write the same way, and refuses the key for another one", async () => {
    const options = { idempotencyKey: "same-key" };
    const [one, two] = await Promise.all([agent.propose(run.id, reading, options), agent.propose(run.id, reading, options)]);
    expect(two.action.id).toBe(one.action.id);
    await expect(agent.propose(run.id, pushing, options)).rejects.toMatchObject({ reason: "key_reused" });
  });

  it("holds actions while paused, decides them at resume, and tells the agent what people say", async () => {
    const scope = { kind: "run", id: run.id } as const;
    await test.person.intervene({ kind: "pause", scope });
    const held = await agent.propose(run.id, reading);
    expect(held).toMatchObject({ next: "wait", action: { state: { status: "held" } } });
    const waiting = agent.awaitAnswer(held.action.id, 10_000);
    const told = await test.person.intervene({ kind: "instruct", scope, text: "use the staging database" });
    await test.person.intervene({ kind: "resume", scope });
    expect((await waiting).next).toBe("run");
    const next = await agent.safePoint(run.id);
    expect(next.instructions).toEqual([{ interventionId: told.id, text: "use the staging database" }]);
    await agent.safePoint(run.id);
    const { effects } = await test.person.getIntervention(told.id);
    expect(effects.map((effect) => effect.step)).toEqual(["acknowledged", "delivered"]);
  });

  it("keeps agents from deciding anything", async () => {
    const asPerson = new (test.person.constructor as new (o: object) => typeof test.person)({
      url: test.server.url,
      token: (await test.person.issueAgentToken("coder")).secret,
    });
    for (const attempt of [
      () => asPerson.intervene({ kind: "stop", scope: { kind: "everything" } }),
      () => asPerson.resolve("q", { effect: "approve", digest: "0".repeat(64) }),
      () => asPerson.setAutonomy({ scope: { kind: "everything" }, level: "full" }),
      () => asPerson.breakGlass({ scope: { kind: "everything" }, durationMs: 1000 }),
      () => asPerson.setTrust("coder", "autonomous"),
      () => asPerson.issueAgentToken("other"),
      () => asPerson.listAudit(),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
    }
    const stranger = await test.agent("stranger");
    await expect(stranger.getRun(run.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("lets nothing run after a stop, releases who waits, and says so in the record", async () => {
    const waiting = await agent.propose(run.id, pushing);
    const answer = agent.awaitAnswer(waiting.action.id, 10_000);
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "everything" } });
    expect(stop).toMatchObject({ cancelledRequests: 1, runIds: [run.id] });
    expect(await answer).toMatchObject({ next: "deny", stop: true });
    expect(await agent.propose(run.id, reading)).toMatchObject({ next: "deny", stop: true });
    // Going on is for the agent's next run; this one stays stopped.
    await test.person.intervene({ kind: "resume", scope: { kind: "run", id: run.id } });
    expect(await agent.propose(run.id, reading)).toMatchObject({ next: "deny", stop: true });
    const { items } = await test.person.listAudit({ run: run.id, limit: 5 });
    expect(items.map((entry) => entry.type)).toContain("run.stopped");
    expect(await test.person.verifyAudit()).toMatchObject({ ok: true });
  });
});
