import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, isPullcordError, type Gate, type GateRun, type Plan, type ProposedAction } from "@pullcord/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { holdFor, startTestServer, type TestServer } from "./server-for-tests.js";

const policy = `version: 1
rules:
  - id: asked
    effect: require_approval
    level: review
    when: { command: "touch asked*" }
  - id: forbidden
    effect: deny
    when: { command: "touch forbidden*" }
    reason: "Use the staging folder instead."
  - id: pushes
    effect: require_approval
    level: required
    when: { command: "git push*" }
`;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const workspace = mkdtempSync(join(tmpdir(), "pullcord-plans-"));
let test: TestServer;
let gate: Gate;
beforeAll(async () => {
  test = await startTestServer({ policy });
  await test.person.setTrust("planner", "autonomous");
  const { secret } = await test.person.issueAgentToken("planner");
  gate = await connect({ url: test.server.url, token: secret, killFile: null });
});
afterAll(async () => {
  await test.close();
  rmSync(workspace, { recursive: true, force: true });
});

const shell = (command: string, reason?: string): ProposedAction => ({
  type: "command_execute",
  arguments: { command },
  ...(reason === undefined ? {} : { claim: { reason } }),
});
const three = [shell("touch asked-1", "It marks the beginning."), shell("touch asked-2"), shell("touch asked-3")];

async function open(): Promise<GateRun> {
  return gate.open({ task: "plan", workingDirectory: workspace });
}

/** The plan of a run that waits. */
async function pendingOf(run: GateRun): Promise<Plan> {
  let found: Plan | undefined;
  await expect.poll(async () => (found = (await test.person.plans.list({ run: run.id, status: "pending" })).items[0])).toBeDefined();
  return found!;
}

/** Handed in and approved as it is. */
async function approved(steps: readonly ProposedAction[] = three): Promise<{ run: GateRun; plan: Plan }> {
  const run = await open();
  const waiting = run.plan(steps);
  const { id, digest } = await pendingOf(run);
  await test.person.plans.resolve(id, { effect: "approve", digest });
  return { run, plan: (await waiting).plan };
}

async function finish(run: GateRun): Promise<void> {
  await run.finish("succeeded");
  await run.close();
}

const ran = (run: GateRun, action: ProposedAction) => run.act(action, () => "ran");
const refusal = (working: Promise<unknown>) =>
  working.then(
    () => "nothing was refused",
    (error: unknown) => (isPullcordError(error) ? `${error.reason}: ${error.message}` : String(error)),
  );

describe("a plan", () => {
  it("shows each step's risk and its own as a whole, waits, and once approved lets its steps run without a question, each once", async () => {
    const run = await open();
    const waiting = run.plan(three, { summary: "Three marks." });
    const pending = await pendingOf(run);
    expect(pending).toMatchObject({
      agent: "planner",
      summary: "Three marks.",
      level: "review",
      whole: { effect: "require_approval", files: { count: 3 } },
    });
    expect(pending.whole.undo).toContain("An undo takes back all of it.");
    expect(pending.steps.map(({ judged: { effect, reasons } }) => [effect, reasons[0]?.rule])).toEqual(
      Array.from({ length: 3 }, () => ["require_approval", "asked"]),
    );
    expect((await test.person.getRun(run.id)).waiting).toBe(1);
    expect((await test.person.status()).pendingRequests).toBeGreaterThan(0);
    await test.person.plans.resolve(pending.id, { effect: "approve", digest: pending.digest });
    const { plan } = await waiting;
    for (const step of three) expect(await ran(run, step)).toBe("ran");
    const done = await test.person.plans.get(plan.id);
    expect(done).toMatchObject({ ended: { why: "finished" }, deviations: 0 });
    expect(done.steps.map(({ state }) => state.status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    const again = await run.propose(three[0]!);
    expect(again.next).toBe("wait");
    expect(await test.person.getRun(run.id)).toMatchObject({ questions: 2, waiting: 1 });
    await finish(run);
  });

  it("is edited by a person: other arguments, another order, fewer steps; the old ones do not run by it", async () => {
    const run = await open();
    const waiting = run.plan(three);
    const pending = await pendingOf(run);
    const arranged = await test.person.plans.arrange(pending.id, {
      digest: pending.digest,
      steps: [{ number: 3 }, { number: 1, arguments: { command: "touch asked-other" } }],
    });
    expect(arranged.digest).not.toBe(pending.digest);
    expect(arranged.removed.map(({ number }) => number)).toEqual([2]);
    await expect(test.person.plans.resolve(pending.id, { effect: "approve", digest: pending.digest })).rejects.toMatchObject({
      reason: "digest_mismatch",
    });
    await test.person.plans.resolve(pending.id, { effect: "approve", digest: arranged.digest, reason: "Not the second." });
    const { plan, guidance } = await waiting;
    expect(guidance.split("\n").slice(0, -1)).toEqual([
      expect.stringContaining(`your human approved plan ${plan.id}, with changes. Do exactly these steps, in this order`),
      '3. command_execute {"command":"touch asked-3"}',
      '1. command_execute, changed by your human; it now has to be: {"command":"touch asked-other"}',
      'Taken out, do not do it: 2. command_execute {"command":"touch asked-2"}',
      "They said: Not the second.",
    ]);
    expect(plan.steps.map(({ number, approvedArguments }) => [number, approvedArguments?.["command"]])).toEqual([
      [3, undefined],
      [1, "touch asked-other"],
    ]);
    const changed = await run.propose(three[0]!);
    expect(changed.action.decision?.reasons.at(-1)?.sentence).toBe(
      `This deviates from plan ${plan.id}: a person changed step 1, and this is how it was before. The next step would be 3: touch asked-3`,
    );
    const removed = await run.propose(three[1]!);
    expect(removed.action.decision?.reasons.at(-1)?.sentence).toContain("a person took step 2 out");
    const early = await run.propose(shell("touch asked-other"));
    expect(early.action.decision?.reasons.at(-1)?.sentence).toContain("what comes before it has not succeeded");
    expect([changed.next, removed.next, early.next]).toEqual(["wait", "wait", "wait"]);
    expect(await ran(run, three[2]!)).toBe("ran");
    await run.client.withdraw(early.action.id, "another try");
    expect(await ran(run, shell("touch asked-other"))).toBe("ran");
    expect(await test.person.plans.get(plan.id)).toMatchObject({ deviations: 3, ended: { why: "finished" } });
    await finish(run);
  });

  it("with a step that policy denies can't be approved until that step is out", async () => {
    const run = await open();
    const waiting = run.plan([shell("touch asked-1"), shell("touch forbidden-1")]);
    const { id, digest, steps } = await pendingOf(run);
    expect(steps[1]?.judged).toMatchObject({ effect: "deny", reasons: [{ sentence: "Use the staging folder instead." }] });
    await expect(test.person.plans.resolve(id, { effect: "approve", digest })).rejects.toMatchObject({ reason: "step_denied" });
    const without = await test.person.plans.arrange(id, { digest, steps: [{ number: 1 }] });
    await test.person.plans.resolve(id, { effect: "approve", digest: without.digest });
    expect((await waiting).plan.steps).toHaveLength(1);
    await finish(run);
  });

  it("takes the proof that its gravest step needs, bound to what was shown", async () => {
    const run = await open();
    const waiting = run.plan([shell("touch asked-1"), shell("git push origin main")]);
    const { id, digest, level } = await pendingOf(run);
    expect(level).toBe("required");
    await expect(test.person.plans.resolve(id, { effect: "approve", digest })).rejects.toMatchObject({ reason: "presence_required" });
    const presenceProof = await holdFor(test.person, digest);
    const arranged = await test.person.plans.arrange(id, { digest, steps: [{ number: 2 }] });
    await expect(test.person.plans.resolve(id, { effect: "approve", digest: arranged.digest, presenceProof })).rejects.toMatchObject({
      reason: "presence_required",
    });
    const proof = await holdFor(test.person, arranged.digest);
    await test.person.plans.resolve(id, { effect: "approve", digest: arranged.digest, presenceProof: proof });
    expect((await waiting).plan).toMatchObject({ resolution: { presence: { method: "hold" } } });
    expect(await ran(run, shell("git push origin main"))).toBe("ran");
    await finish(run);
  }, 30_000);

  it("is denied with a reason that reaches the agent, and nobody's agent can answer or edit it", async () => {
    const run = await open();
    const waiting = refusal(run.plan(three));
    const { id, digest } = await pendingOf(run);
    const { secret: token } = await test.person.issueAgentToken("planner");
    const as = (method: string, path: string, body: object) =>
      fetch(`${test.server.url}/v1/plans/${id}/${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect((await as("POST", "resolution", { effect: "approve", digest })).status).toBe(403);
    expect((await as("PUT", "steps", { digest, steps: [{ number: 1 }] })).status).toBe(403);
    await test.person.plans.resolve(id, { effect: "deny", digest, reason: "Not before the release." });
    expect(await waiting).toContain("denied: Pullcord: a person denied plan");
    expect(await waiting).toContain("Not before the release.");
    await finish(run);
  });

  it("stands still after a step that failed, until a person lets one go on", async () => {
    const { run, plan } = await approved();
    await expect(run.act(three[0]!, () => Promise.reject(new Error("no space")))).rejects.toThrow("no space");
    const next = await run.propose(three[1]!);
    expect(next.action.decision).toMatchObject({ deviatesFrom: plan.id });
    if (next.action.state.status !== "waiting") throw new Error(next.action.state.status);
    await test.person.resolve(next.action.state.approvalRequestId, { effect: "approve", digest: next.action.digest });
    await run.carryOut({ asked: next, proposed: three[1]!, execute: () => "ran" });
    expect(await ran(run, three[2]!)).toBe("ran");
    const { steps, ended } = await test.person.plans.get(plan.id);
    expect([steps.map(({ state }) => state.status), ended?.why]).toEqual([["failed", "succeeded", "succeeded"], "finished"]);
    await finish(run);
  });

  it("skips what a person let a later step overtake", async () => {
    const { run, plan } = await approved();
    const last = await run.propose(three[2]!);
    if (last.action.state.status !== "waiting") throw new Error(last.action.state.status);
    await test.person.resolve(last.action.state.approvalRequestId, { effect: "approve", digest: last.action.digest });
    await run.carryOut({ asked: last, proposed: three[2]!, execute: () => "ran" });
    const { steps, ended } = await test.person.plans.get(plan.id);
    expect([steps.map(({ state }) => state.status), ended?.why]).toEqual([["skipped", "skipped", "succeeded"], "finished"]);
    await finish(run);
  });

  it("covers nothing in another run, after it was taken back, and after its time", async () => {
    const { run, plan } = await approved();
    const other = await open();
    expect((await other.propose(three[0]!)).next).toBe("wait");
    await test.person.plans.end(plan.id);
    const asked = await run.propose(three[0]!);
    expect([asked.next, asked.action.decision?.deviatesFrom]).toEqual(["wait", undefined]);
    const second = await approved([shell("touch asked-late")]);
    test.advance(dayMs + 1);
    expect((await second.run.propose(shell("touch asked-late"))).next).toBe("wait");
    await expect.poll(async () => (await test.person.plans.get(second.plan.id)).ended?.why).toBe("expired");
    for (const each of [run, other, second.run]) await finish(each);
  });

  it("expires unanswered as a question does, and says so", async () => {
    const run = await open();
    const waiting = refusal(run.plan(three));
    const { id } = await pendingOf(run);
    test.advance(hourMs + 1);
    expect(await waiting).toContain("nobody answered plan");
    expect(await test.person.plans.get(id)).toMatchObject({ status: "expired" });
    expect((await test.person.getRun(run.id)).waiting).toBe(0);
    await finish(run);
  });

  it("ends with a stop, approved or not", async () => {
    const { run, plan } = await approved();
    const other = await open();
    const waiting = refusal(other.plan(three));
    const pending = await pendingOf(other);
    for (const each of [run, other]) await test.person.intervene({ kind: "stop", scope: { kind: "run", id: each.id } });
    expect(await waiting).toContain("stopped");
    expect(await test.person.plans.get(plan.id)).toMatchObject({ ended: { why: "stopped" } });
    expect(await test.person.plans.get(pending.id)).toMatchObject({ status: "cancelled" });
    await expect(test.person.plans.resolve(pending.id, { effect: "approve", digest: pending.digest })).rejects.toMatchObject({
      reason: "already_cancelled",
    });
    for (const each of [run, other]) await each.close();
  });

  it("does not lift what a policy asks since, nor what it denies since", async () => {
    const { run, plan } = await approved();
    const { version: base } = await test.person.policy();
    const added = `${policy}  - id: later\n    effect: require_approval\n    when: { command: "touch asked-1" }\n`;
    await test.person.policies.replace({ text: added, base });
    const asked = await run.propose(three[0]!);
    expect([asked.next, asked.action.decision?.reasons.at(-1)?.sentence]).toEqual([
      "wait",
      `This deviates from plan ${plan.id}: it is step 1, but it weighs more now than what was approved. The next step would be 1: touch asked-1`,
    ]);
    await test.person.policies.replace({ text: policy, base: (await test.person.policy()).version });
    await finish(run);
  });

  it("joins the question that it is already, and lets another one wait for its answer", async () => {
    const run = await open();
    const first = await run.client.handInPlan(run.id, { steps: three });
    const again = await run.client.handInPlan(run.id, { steps: three });
    expect(again.plan.id).toBe(first.plan.id);
    await expect(run.client.handInPlan(run.id, { steps: [shell("ls")] })).rejects.toMatchObject({ reason: "plan_waiting" });
    await run.client.withdrawPlan(first.plan.id, "I thought again.");
    expect((await run.client.handInPlan(run.id, { steps: [shell("ls")] })).plan.id).not.toBe(first.plan.id);
    await finish(run);
  });
});
