import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ActionAnswer } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pullcord, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const policyText = `version: 1
# asks for every make
rules:
  - { id: make-asks, effect: require_approval, when: { program: make }, level: review }

  # and denies this
  - id: no-publish
    effect: deny
    when: { command: "npm publish" }
`;

const workspace = mkdtempSync(join(tmpdir(), "pullcord-history-"));

let test: TestServer;
let agent: AgentClient;
let runId: string;

beforeAll(async () => {
  test = await startSignedIn();
  await replace(policyText);
  agent = await test.agent("claude-code");
  runId = (await agent.openRun({ task: "history", workingDirectory: workspace })).id;
});

afterAll(async () => {
  await test.close();
  rmSync(workspace, { recursive: true, force: true });
});

async function replace(text: string, reason?: string) {
  const { version: base } = await test.person.policy();
  return test.person.policies.replace({ text, base, ...(reason === undefined ? {} : { reason }) });
}

async function propose(command: string): Promise<ActionAnswer> {
  return agent.propose(runId, { type: "command_execute", arguments: { command } });
}

async function answered(command: string, effect: "approve" | "deny"): Promise<void> {
  const { action } = await propose(command);
  if (action.state.status !== "waiting") throw new Error(`${command} is ${action.state.status}`);
  await test.person.resolve(action.state.approvalRequestId, { effect, digest: action.digest });
  if (effect === "approve") await agent.start(action.id, action.digest);
}

describe("a policy on recorded history", () => {
  it("decides nothing differently when it is the same", async () => {
    for (const command of ["ls", "npm publish", "make x", "git status"]) await propose(command);
    const same = await test.person.policies.backtest(policyText);
    expect(same).toMatchObject({ replayed: 4, changed: {}, differences: [] });
  });

  it("lists every decision that would differ, the looser first, each with its rule and line", async () => {
    const next = `version: 1\nrules:\n  - { id: no-make, effect: deny, when: { program: make } }\n`;
    const { changed, differences } = await test.person.policies.backtest(next);
    expect(changed).toEqual({ "require_approval>deny": 1, "deny>require_approval": 1 });
    expect(differences[0]).toMatchObject({
      before: { effect: "deny", rule: "no-publish" },
      after: { effect: "require_approval" },
      count: 1,
    });
    expect(differences[1]).toMatchObject({ after: { effect: "deny", rule: "no-make", line: 3 } });
    writeFileSync(join(test.folder, "next.yaml"), next);
    const said = await pullcord(test.folder, ["policy", "backtest", "next.yaml"]);
    expect(said).toMatchObject({ status: 1, out: expect.stringContaining("deny → require_approval: 1") as string });
  });

  it("refuses a text that is no policy, with the line", async () => {
    await expect(test.person.policies.backtest("version: 1\nrulez: []\n")).rejects.toMatchObject({ code: "invalid", reason: "policy" });
    expect(await test.person.policies.check("version: 1\nrulez: []\n")).toMatchObject({ problem: { line: 2 } });
  });
});

describe("a shadow policy", () => {
  it("only logs what it would have decided otherwise, and is over when it is ended", async () => {
    await test.person.policies.setShadow(`version: 1\nrules:\n  - { id: no-ls, effect: deny, when: { program: ls } }\n`);
    expect((await propose("ls -la")).next).toBe("run");
    const shadow = await test.person.policies.shadow();
    expect(shadow).toMatchObject({ compared: 1, changed: { "allow>deny": 1 }, differences: [{ after: { rule: "no-ls" } }] });
    await test.person.policies.endShadow();
    await propose("ls -l");
    expect(await test.person.policies.shadow()).toBeNull();
    const { items } = await test.person.listAudit({ type: "policy.shadowed" });
    expect(items.map(({ actor }) => actor.kind)).toEqual(["person", "person"]);
  });
});

describe("suggestions", () => {
  it("propose a rule for what people always approved, and none for what one denied", async () => {
    for (let time = 0; time < 3; time++) await answered("make docs", "approve");
    for (let time = 0; time < 3; time++) await answered("make site", "approve");
    await answered("make site", "deny");
    const { items } = await test.person.policies.suggestions();
    expect(items).toEqual([]);
  });

  it("are put in force by a person alone, everything else letter for letter", async () => {
    await replace(`version: 1\nautonomy: ask_first\n# a comment\nrules: []\n`);
    for (let time = 0; time < 3; time++) await answered("touch notes/a", "approve");
    const { items } = await test.person.policies.suggestions();
    expect(items[0]).toMatchObject({ saved: 3, letThrough: [{ count: 3, after: { effect: "allow" } }] });
    const said = await pullcord(test.folder, ["policy", "suggest", "--ratify", items[0]?.id ?? ""]);
    expect(said.status).toBe(0);
    expect((await test.person.policy()).text).toContain("# a comment\n");
    expect((await propose("touch notes/a")).action.decision?.effect).toBe("allow");
  });
});

describe("changing the policy", () => {
  it("is kept with its author, and refused when somebody else was first", async () => {
    const { version: base } = await test.person.policy();
    await replace(policyText, "Back to the start");
    await expect(test.person.policies.replace({ text: policyText, base })).rejects.toMatchObject({ reason: "policy_changed" });
    const { items } = await test.person.policies.versions();
    expect(items[0]).toMatchObject({ by: { kind: "person", id: "owner" }, reason: "Back to the start" });
    expect(await test.person.policies.versionText(items[0]?.version ?? "")).toBe(policyText);
    const entries = await test.person.listAudit({ type: "policy.changed" });
    expect(entries.items[0]).toMatchObject({ actor: { kind: "person" }, body: { reason: "Back to the start" } });
  });

  it("takes no matchers file from far", async () => {
    const text = "version: 1\nmatchers: ./evil.ts\n";
    writeFileSync(join(test.folder, "evil.ts"), "throw new Error('ran')");
    await expect(replace(text)).rejects.toMatchObject({
      reason: "policy",
      message: expect.stringContaining("can't be named from here") as string,
    });
  });

  it("is for admins, and never for agents", async () => {
    const { secret } = await test.person.issueAgentToken("mallory");
    const answer = await fetch(`${test.server.url}/v1/policy`, {
      method: "PUT",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ text: policyText, base: "x" }),
    });
    expect(answer.status).toBe(403);
  });
});
