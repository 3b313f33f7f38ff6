import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import type { Explanation, ProposedAction, Run } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pullcord as inFolder, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const policy = `version: 1
autonomy: ask_destructive
thresholds:
  ask_at: 50
rules:
  - id: no-tags
    effect: deny
    when: { command: "git tag *" }
    reason: "Releases are tagged by people."
`;
const shell = (command: string): ProposedAction => ({ type: "command_execute", arguments: { command } });

describe("an explanation", () => {
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  const workspace = mkdtempSync(join(tmpdir(), "pullcord-explained-"));
  const explained = async (proposed: ProposedAction): Promise<Explanation> => {
    const { action } = await agent.propose(run.id, proposed);
    return test.person.explain(action.id);
  };
  const sentences = ({ wouldChange }: Explanation) => wouldChange.map(({ sentence }) => sentence);
  beforeAll(async () => {
    test = await startSignedIn({ policy });
    agent = await test.agent("coder", "autonomous");
    run = await agent.openRun({ task: "explain it", workingDirectory: workspace });
  });
  afterAll(async () => {
    rmSync(workspace, { recursive: true });
    await test.close();
  });

  it("says what would have changed a question, worked out by deciding again", async () => {
    const explanation = await explained(shell("git push origin main"));
    expect(sentences(explanation)).toContain("At the autonomy level notify, this would have run, and people would have been told.");
    expect(explanation.wouldChange.map(({ kind }) => kind)).toEqual(["autonomy", "factor", "alternative"]);
    expect(explanation).toMatchObject({ policy: { file: join(test.folder, "policy.yaml"), hasChanged: false }, today: null });
  });

  it("names the threshold that asked, with its line, and how far it would have to move", async () => {
    const explanation = await explained({ ...shell("touch notes.txt"), claim: { risk: 55 } });
    expect(explanation.wouldChange).toContainEqual({
      kind: "threshold",
      sentence: "If the policy asked only from 56 up (ask_at is 50), this would have run, and people would have been told.",
      effect: "allow",
      rule: "thresholds.ask_at",
      line: 4,
    });
    expect(sentences(explanation)).toContain("Without the agent's own doubts about it, this would have run without a question.");
  });

  it("leads a denial to the line of its rule", async () => {
    const explanation = await explained(shell("git tag v1"));
    expect(explanation.action.decision?.reasons[0]).toMatchObject({ rule: "no-tags", line: 6 });
    expect(sentences(explanation).join()).toContain("Without the rule no-tags");
    const { out } = await inFolder(test.folder, ["explain", explanation.action.id]);
    expect(out).toContain("policy.yaml:6");
  });

  it("offers nothing against the hard floor", async () => {
    const explanation = await explained(shell(`rm -rf ${test.folder}`));
    expect(explanation.action.decision?.effect).toBe("deny");
    expect(explanation).toMatchObject({ wouldChange: [], notes: [expect.stringContaining("no break glass")] });
  });

  it("is not for agents", async () => {
    const { action } = await agent.propose(run.id, shell("ls"));
    const { secret } = await test.person.issueAgentToken("coder");
    const answer = await fetch(`${test.server.url}/v1/actions/${action.id}/explanation`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect([answer.status, ((await answer.json()) as { reason: string }).reason]).toEqual([403, "people_only"]);
  });

  it("goes by the policy that decided when another is in force, and says what would be decided today", async () => {
    const before = await explained(shell("git tag v2"));
    expect(before.wouldChange).toContainEqual(expect.objectContaining({ kind: "rule", rule: "no-tags", line: 6 }));
    writeFileSync(join(test.folder, "policy.yaml"), "version: 1\nautonomy: ask_first\n");
    await expect.poll(async () => (await test.person.policy()).text).toContain("ask_first");
    const after = await test.person.explain(before.action.id);
    expect(after).toMatchObject({ policy: { hasChanged: true }, today: { effect: "require_approval" } });
    expect(after.wouldChange).toEqual(before.wouldChange);
    expect(after.notes).toEqual([
      "The policy has changed since. Lines, and what would have changed it, are those of the policy that decided.",
    ]);
  });
});
