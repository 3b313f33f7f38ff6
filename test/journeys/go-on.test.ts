import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProposedAction } from "@pullcord/sdk/protocol";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const command = (text: string): ProposedAction => ({ type: "command_execute", arguments: { command: text } });

describe("a run that goes on after a stop", () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startTestServer();
  });
  afterAll(() => test.close());

  async function stopped(agent: Awaited<ReturnType<TestServer["agent"]>>, session: string) {
    const run = await agent.openRun({ task: "build", externalId: session, workingDirectory: test.folder });
    const done = await agent.propose(run.id, command("ls"));
    await agent.reportOutcome(done.action.id, { status: "succeeded" });
    await agent.propose(run.id, command("ls -a"));
    await agent.propose(run.id, command("git push origin main"));
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    return { run, stop };
  }

  it("is another run, which hears what was done, what was not and what nobody knows", async () => {
    const agent = await test.agent("coder");
    const { run, stop } = await stopped(agent, "s1");
    expect((await agent.openRun({ task: "build", externalId: "s1" })).id).toBe(run.id);
    const { runs } = await test.person.stopReceipt(stop.id);
    expect(runs[0]).toMatchObject({ finished: 1, resume: expect.stringContaining(`pullcord resume ${run.id}`) });
    const resumed = await test.person.intervene({ kind: "resume", scope: { kind: "run", id: run.id } });
    expect(resumed.runIds).toEqual([run.id]);
    expect((await test.person.getRun(run.id)).state.status).toBe("stopped");

    const next = await agent.openRun({ task: "build on", externalId: "s1", workingDirectory: test.folder });
    expect(next.id).not.toBe(run.id);
    const { instructions } = await agent.propose(next.id, command("ls -l"));
    expect(instructions).toEqual([{ interventionId: resumed.id, text: expect.stringContaining(`go on from run ${run.id}`) }]);
    expect(instructions[0]?.text).toContain("1 action was done");
    expect(instructions[0]?.text).toContain('nobody knows how it ended: "ls -a"');
    expect(instructions[0]?.text).toContain('never begun: "git push origin main"');
    const opened = (await test.person.listAudit({ run: next.id, type: "run.opened" })).items[0];
    expect(opened?.body).toMatchObject({ continues: run.id });
    await agent.safePoint(next.id);
    const { effects } = await test.person.getIntervention(resumed.id);
    expect(effects.at(-1)).toMatchObject({ runId: next.id, step: "delivered", actionId: expect.any(String) });
  });

  it("takes over once, and the stopped run stays stopped", async () => {
    const agent = await test.agent("once");
    const { run } = await stopped(agent, "s2");
    const scope = { kind: "run", id: run.id } as const;
    await test.person.intervene({ kind: "resume", scope });
    await test.person.intervene({ kind: "resume", scope });
    const next = await agent.openRun({ task: "on", externalId: "s2" });
    expect((await agent.openRun({ task: "on", externalId: "s2" })).id).toBe(next.id);
    const other = await agent.openRun({ task: "other", externalId: "s3" });
    expect((await agent.safePoint(other.id)).instructions).toEqual([]);
    expect((await agent.propose(run.id, command("ls"))).next).toBe("deny");
  });

  it("is for its own agent alone, and for people to let go on", async () => {
    const agent = await test.agent("mine");
    const { run } = await stopped(agent, "s4");
    await test.person.intervene({ kind: "resume", scope: { kind: "run", id: run.id } });
    const stranger = await test.agent("stranger");
    const theirs = await stranger.openRun({ task: "theirs", externalId: "s4" });
    expect((await stranger.safePoint(theirs.id)).instructions).toEqual([]);
  });
});
