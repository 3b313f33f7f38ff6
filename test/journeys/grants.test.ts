import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { GrantTerms } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pullcord, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const workspace = mkdtempSync(join(tmpdir(), "pullcord-grants-"));
const minute = 60_000;
const dayMs = 24 * 60 * minute;

let test: TestServer;
let agent: AgentClient;

beforeAll(async () => {
  test = await startSignedIn();
  const { version: base } = await test.person.policy();
  await test.person.policies.replace({ text: "version: 1\nautonomy: ask_first\n", base });
  agent = await test.agent("claude-code");
});

afterAll(async () => {
  await test.close();
  rmSync(workspace, { recursive: true, force: true });
});

async function openRun(): Promise<string> {
  return (await agent.openRun({ task: "grants", workingDirectory: workspace })).id;
}

async function propose(run: string, command: string) {
  return agent.propose(run, { type: "command_execute", arguments: { command } });
}

/** Approves a question of this run with a grant. */
async function granted(run: string, command: string, terms: GrantTerms): Promise<string> {
  const { action } = await propose(run, command);
  if (action.state.status !== "waiting") throw new Error(action.state.status);
  await test.person.resolve(action.state.approvalRequestId, { effect: "approve", digest: action.digest, grant: terms });
  await agent.start(action.id, action.digest);
  await agent.reportOutcome(action.id, { status: "succeeded" });
  return action.state.approvalRequestId;
}

async function newest() {
  const { items } = await test.person.grants.list();
  const [grant] = items;
  if (!grant) throw new Error("no grant");
  return grant;
}

describe("a grant", () => {
  it("for N times lets exactly that many more run, in any run of the agent, and no other command", async () => {
    const run = await openRun();
    await granted(run, "touch a.txt", { covers: { kind: "action" }, forMs: 30 * minute, uses: 2 });
    const other = await openRun();
    expect((await propose(other, "touch b.txt")).next).toBe("wait");
    for (const where of [run, other]) {
      const { next, action } = await propose(where, "touch a.txt");
      expect([next, action.decision?.grantId]).toEqual(["run", (await newest()).id]);
    }
    expect(await newest()).toMatchObject({ usesLeft: 0, used: 2 });
    expect((await propose(await openRun(), "touch a.txt")).next).toBe("wait");
  });

  it("for this run holds in no other", async () => {
    const run = await openRun();
    await granted(run, "touch c.txt", { covers: { kind: "action" }, forMs: 30 * minute, runOnly: true });
    expect((await propose(run, "touch c.txt")).next).toBe("run");
    expect((await propose(await openRun(), "touch c.txt")).next).toBe("wait");
  });

  it("is over when a person takes it back, and when its time is up", async () => {
    const run = await openRun();
    await granted(run, "touch d.txt", { covers: { kind: "action" }, forMs: 30 * minute });
    expect((await propose(run, "touch d.txt")).next).toBe("run");
    expect(await pullcord(test.folder, ["grant", "revoke", (await newest()).id])).toMatchObject({ status: 0 });
    expect((await propose(await openRun(), "touch d.txt")).next).toBe("wait");
    await granted(run, "touch e.txt", { covers: { kind: "action" }, forMs: 30 * minute });
    test.advance(31 * minute);
    expect((await propose(run, "touch e.txt")).next).toBe("wait");
  });

  it("covers a pattern only when it was shown", async () => {
    const run = await openRun();
    const { action } = await propose(run, "npm run build");
    if (action.state.status !== "waiting") throw new Error(action.state.status);
    const id = action.state.approvalRequestId;
    const options = await test.person.grants.options(id);
    expect(options.map(({ covers }) => covers.kind)).toEqual(["action", "pattern", "pattern"]);
    const resolve = (covers: GrantTerms["covers"], forMs = minute) =>
      test.person.resolve(id, { effect: "approve", digest: action.digest, grant: { covers, forMs } });
    await expect(resolve({ kind: "pattern", when: { agent: "claude-code", command: "*" } })).rejects.toMatchObject({
      reason: "grant_pattern",
    });
    await expect(resolve({ kind: "action" }, 8 * dayMs)).rejects.toMatchObject({ code: "invalid" });
    expect((await test.person.getApprovalRequest(id)).status).toBe("pending");
  });

  it("is made from the command line, listed, and on record with its person", async () => {
    const run = await openRun();
    const { action } = await propose(run, "touch f.txt");
    if (action.state.status !== "waiting") throw new Error(action.state.status);
    const said = await pullcord(test.folder, ["approve", action.state.approvalRequestId, "--for", "30m", "--this-run"]);
    expect(said).toMatchObject({ status: 0, out: expect.stringContaining("exactly this, from claude-code") as string });
    expect((await pullcord(test.folder, ["grant", "list"])).out).toContain((await newest()).id);
    const { items } = await test.person.listAudit({ type: "grant.made" });
    expect(items[0]).toMatchObject({ actor: { kind: "person" }, body: { agent: "claude-code", runId: run } });
  });
});
