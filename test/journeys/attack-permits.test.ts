import { spawn } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { AgentClient } from "@pullcord/sdk/client";
import { actionDigest } from "@pullcord/sdk/digest";
import type { ProposedAction, Run } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holdFor, startTestServer, type TestServer } from "./server-for-tests.js";

/** A hostile agent with a token of its own: permits, runs, keys. What is marked `fails` names a finding that is open. */

const command = (text: string): ProposedAction => ({ type: "command_execute", arguments: { command: text } });
const asked = command("git commit --amend --no-edit");
const risky = command("git push origin main");

let test: TestServer;
let agent: AgentClient;
let run: Run;
beforeAll(async () => {
  test = await startTestServer();
  agent = await test.agent("mallory");
});
afterAll(() => test.close());
const open = async () => (run = await agent.openRun({ task: "attack", workingDirectory: test.folder }));

async function approve(proposed: ProposedAction) {
  const { action } = await agent.propose(run.id, proposed);
  if (action.state.status !== "waiting") throw new Error(`not asked but ${action.state.status}`);
  const presenceProof = await holdFor(test.person, action.digest, (ms) => test.advance(ms));
  await test.person.resolve(action.state.approvalRequestId, { effect: "approve", digest: action.digest, presenceProof });
  return action;
}

describe("a permit", () => {
  it("is used once by many at the same time, and only for its digest", async () => {
    await open();
    const action = await approve(risky);
    const other = actionDigest({ agent: "mallory", runId: run.id, proposed: command("git push origin evil") });
    await expect(agent.start(action.id, other)).rejects.toMatchObject({ reason: "digest_mismatch" });
    const starts = await Promise.all(Array.from({ length: 20 }, () => agent.start(action.id, action.digest)));
    expect(starts.filter(({ next }) => next === "run")).toHaveLength(1);
  });

  it("does not carry over to another run, and none is given while paused or after a stop", async () => {
    await open();
    const action = await approve(risky);
    const second = await agent.openRun({ task: "another", workingDirectory: test.folder });
    expect((await agent.propose(second.id, risky)).action.id).not.toBe(action.id);
    await test.person.intervene({ kind: "pause", scope: { kind: "run", id: run.id } });
    expect((await agent.start(action.id, action.digest)).next).toBe("wait");
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    expect((await agent.start(action.id, action.digest)).next).toBe("deny");
    await expect(agent.reportOutcome(action.id, { status: "succeeded" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("that nobody used in time can be asked for again", async () => {
    await open();
    const action = await approve({ ...risky, expiresInMs: 60_000 });
    test.advance(11 * 60_000);
    expect((await agent.start(action.id, action.digest)).next).toBe("deny");
    expect(await agent.propose(run.id, risky)).toMatchObject({ next: "wait", action: { state: { status: "waiting" } } });
  });

  // Finding: A3, commands/end-action.ts takes approvedAtTerminal from any agent token, at any level and in a paused run.
  it("is not given by the agent's own word that somebody approved at its terminal", async () => {
    await open();
    const { action } = await agent.propose(run.id, risky);
    await agent.reportOutcome(action.id, { status: "succeeded", approvedAtTerminal: true }).catch(() => {});
    const { items } = await test.person.listAudit({ action: action.id });
    expect(items.filter(({ actor }) => actor.kind === "person")).toEqual([]);
  });
});

describe("a repeated call", () => {
  // Finding: A4, commands/runner.ts answers a known key from the store without looking at the run again (I6).
  it("with the same key is not told to run after a stop", async () => {
    await open();
    const options = { idempotencyKey: `before-${run.id}` };
    expect((await agent.propose(run.id, command("ls"), options)).next).toBe("run");
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    expect((await agent.propose(run.id, command("ls"), options)).next).toBe("deny");
  });

  // Finding: A4, the kept answer of start says run again after the permit was used (I2).
  it("with the same key does not use a permit twice", async () => {
    await open();
    const action = await approve(risky);
    const options = { idempotencyKey: `start-${run.id}` };
    expect((await agent.start(action.id, action.digest, options)).next).toBe("run");
    await agent.reportOutcome(action.id, { status: "succeeded" });
    expect((await agent.start(action.id, action.digest, options)).next).not.toBe("run");
  });

  it("with somebody else's key, or for another command, gets nothing of theirs", async () => {
    await open();
    const options = { idempotencyKey: "shared" };
    const mine = await agent.propose(run.id, command("ls"), options);
    const other = await test.agent("eve");
    await expect(other.propose(run.id, command("ls"), options)).rejects.toMatchObject({ code: "not_found" });
    await expect(agent.finishRun(run.id, "succeeded", options)).rejects.toMatchObject({ reason: "key_reused" });
    await expect(other.reportOutcome(mine.action.id, { status: "succeeded" }, options)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a token", () => {
  it("reaches nothing of another agent's, and nothing after it was revoked", async () => {
    await open();
    const { action } = await agent.propose(run.id, risky);
    const eve = await test.agent("eve");
    const attempts = [
      () => eve.getRun(run.id),
      () => eve.getAction(action.id),
      () => eve.awaitAnswer(action.id, 0),
      () => eve.start(action.id, action.digest),
      () => eve.withdraw(action.id, "x"),
      () => eve.finishRun(run.id, "succeeded"),
      () => eve.safePoint(run.id),
      () => eve.appendLog(run.id, [{ stream: "note", text: "forged" }]),
      () => eve.reportProcess(run.id, { pid: 2 }),
      () => eve.findAction(run.id, "x"),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    const { id, secret } = await test.person.issueAgentToken("mallory");
    const second = new AgentClient({ url: test.server.url, token: secret });
    expect((await second.propose(run.id, command("ls"))).next).toBe("run");
    await test.person.revokeAgentToken(id);
    await expect(second.propose(run.id, command("ls"))).rejects.toMatchObject({ code: "unauthenticated" });
  });

  // Finding: A8, http/live.ts never looks at the proof again.
  it("that is revoked closes its live stream", async () => {
    await open();
    const { id, secret } = await test.person.issueAgentToken("mallory");
    const closing = new AbortController();
    const stream = await fetch(`${test.server.url}/v1/events?run=${run.id}`, {
      headers: { authorization: `Bearer ${secret}` },
      signal: closing.signal,
    });
    const reader = stream.body!.getReader();
    await reader.read();
    await test.person.revokeAgentToken(id);
    await agent.propose(run.id, command("ls"));
    const heard = await reader.read();
    closing.abort();
    expect(heard.done).toBe(true);
  });
});

describe("a stop", () => {
  // Finding: A6, app.ts endRun ends any pid that the agent reported.
  it("ends no process that the agent merely named", async () => {
    await open();
    const bystander = spawn("sleep", ["3000"], { stdio: "ignore", detached: true });
    const other = await agent.openRun({ task: "with a process" });
    const marker = { name: "PULLCORD_RUN_ID", value: other.id };
    const own = spawn("sleep", ["3000"], { stdio: "ignore", detached: true, env: { ...process.env, [marker.name]: marker.value } });
    try {
      await agent.reportProcess(other.id, { marker });
      await agent.reportProcess(run.id, { pid: bystander.pid! }).catch(() => {});
      await test.person.intervene({ kind: "stop", scope: { kind: "agent", id: "mallory" } });
      // What belongs to a run of the same stop is ended: by then the other would be, too.
      await expect.poll(() => own.signalCode).not.toBeNull();
      expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
    } finally {
      for (const child of [bystander, own]) child.kill("SIGKILL");
    }
  });

  // Finding: A9, an effect has no author, so an agent can report its own stop as done.
  it("has a receipt that tells the agent's word from the server's own", async () => {
    await open();
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    const claim = { runId: run.id, step: "ended", processesEnded: 99, survivors: [] } as const;
    await expect(agent.reportEffect(stop.id, claim)).rejects.toMatchObject({ reason: "not_supervised" });
    const supervised = await agent.openRun({ task: "supervised", externalId: "s", process: { supervised: true } });
    const second = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: supervised.id } });
    await agent.reportEffect(second.id, { ...claim, runId: supervised.id });
    await expect(agent.reportEffect(second.id, { ...claim, runId: supervised.id })).rejects.toMatchObject({ reason: "not_supervised" });
    const { effects } = await test.person.getIntervention(second.id);
    expect(effects.find(({ processesEnded }) => processesEnded === 99)).toMatchObject({ by: { kind: "agent", id: "mallory" } });
  });

  it.each(["directory", "broken link"])("holds when the kill file is a %s", async (kind) => {
    await open();
    const path = join(test.folder, "STOP");
    if (kind === "directory") mkdirSync(path);
    else symlinkSync("/nonexistent/place", path);
    try {
      expect((await agent.propose(run.id, command("ls"))).next).toBe("deny");
    } finally {
      rmSync(path, { recursive: true });
    }
  });
});

describe("break glass", () => {
  it.each([
    ["plainly", "echo x > POLICY"],
    ["behind more words than are read", `echo ${"a ".repeat(5_100)} > POLICY`],
    ["behind a comment that makes it too long", `echo x > POLICY #${"x".repeat(210_000)}`],
    ["behind nested evals", `${"eval ".repeat(30)} echo x ">" POLICY`],
    ["by a wildcard", "cp evil.yaml FOLDER/pol*.yaml"],
  ])("never lets the policy file be written %s", async (_, text) => {
    expect(await answerUnderBreakGlass(text)).toBe("deny");
  });

  it.each([
    ["behind more commands than are read", `${":;".repeat(2_100)} echo x > POLICY`],
    ["by a wildcard in a folder's name", "sed -i s/a/b/ /tmp/pullcord-tes*/policy.yaml"],
  ])("never lets the policy file be written %s", async (_, text) => {
    expect(await answerUnderBreakGlass(text)).toBe("deny");
  });

  it("covers its own scope and time, and no stop", async () => {
    await open();
    const other = await agent.openRun({ task: "outside the scope", workingDirectory: test.folder });
    await test.person.breakGlass({ scope: { kind: "run", id: run.id }, durationMs: 60_000 });
    expect((await agent.propose(run.id, asked)).next).toBe("run");
    expect((await agent.propose(other.id, risky)).next).toBe("wait");
    test.advance(60_000);
    expect((await agent.propose(run.id, risky)).next).toBe("wait");
    await test.person.intervene({ kind: "stop", scope: { kind: "everything" } });
    expect((await agent.propose(run.id, asked)).next).toBe("deny");
  });
});

async function answerUnderBreakGlass(text: string): Promise<string> {
  await open();
  const use = await test.person.breakGlass({ scope: { kind: "run", id: run.id }, durationMs: 60_000 });
  const written = text.replaceAll("POLICY", join(test.folder, "policy.yaml")).replaceAll("FOLDER", test.folder);
  const { next } = await agent.propose(run.id, command(written));
  await test.person.endBreakGlass(use.id);
  return next;
}
