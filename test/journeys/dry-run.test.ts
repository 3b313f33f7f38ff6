import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@pullcord/sdk";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ProposedAction, Run } from "@pullcord/sdk/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pullcord as inFolder, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const shell = (command: string): ProposedAction => ({ type: "command_execute", arguments: { command } });

describe("a dry run", () => {
  let test: TestServer;
  let agent: AgentClient;
  let run: Run;
  const workspace = mkdtempSync(join(tmpdir(), "pullcord-dry-"));
  beforeAll(async () => {
    mkdirSync(join(workspace, "data"));
    for (let file = 0; file < 8; file++) writeFileSync(join(workspace, "data", `${file}.txt`), "");
    test = await startSignedIn();
    agent = await test.agent("coder");
    run = await agent.openRun({ task: "try it", workingDirectory: workspace });
  });
  afterAll(async () => {
    rmSync(workspace, { recursive: true });
    await test.close();
  });

  it("tells what would be decided and what would happen, and records nothing at all", async () => {
    const before = (await test.person.listAudit({ limit: 1 })).items[0]?.seq;
    const { actions, plan } = await agent.dryRun(run.id, [shell("rm -rf data")]);
    expect(actions).toMatchObject([
      {
        effect: "require_approval",
        assessment: {
          reversibility: "reversible",
          preview: [{ about: "files", sentence: expect.stringMatching(/and 3 others\.$/) as string }, { about: "undo" }],
        },
      },
    ]);
    expect(plan).toMatchObject({ effect: "require_approval", reversibility: "reversible" });
    expect((await test.person.listAudit({ limit: 1 })).items[0]?.seq).toBe(before);
    expect(await test.person.getRun(run.id)).toMatchObject({ actions: 0, questions: 0, waiting: 0 });
    expect((await test.person.listApprovalRequests()).items).toEqual([]);
  });

  it("decides as the real proposal is decided then", async () => {
    for (const command of ["ls", "git push", "rm -rf data", "touch a"]) {
      const [dry] = (await agent.dryRun(run.id, [shell(command)])).actions;
      const { action } = await agent.propose(run.id, shell(command));
      expect([command, dry?.effect, dry?.reasons]).toEqual([command, action.decision?.effect, action.decision?.reasons]);
    }
  });

  it("gives a plan the worst of its actions, and holds each against what the ones before it would have done", async () => {
    const touching = Array.from({ length: 11 }, (_, file) => shell(`touch new-${file}.txt`));
    const { actions, plan } = await agent.dryRun(run.id, [...touching, shell("ls"), shell("shutdown now")]);
    expect(actions[0]).toMatchObject({ effect: "allow" });
    expect(actions.slice(0, 11).find(({ effect }) => effect !== "allow")).toMatchObject({ reasons: [{ rule: "files_per_run" }] });
    expect(actions.find(({ proposed }) => proposed.arguments["command"] === "ls")).toMatchObject({ effect: "allow" });
    expect(plan.reversibility).not.toBe("read_only");
    expect(plan.effect).not.toBe("allow");
    expect(plan.score).toBe(Math.max(...actions.map(({ assessment }) => assessment?.score ?? 100)));
  });

  it("is the gate's, the person's and the command line's too", async () => {
    const { secret } = await test.person.issueAgentToken("coder");
    const gate = await connect({ url: test.server.url, token: secret });
    const own = await gate.open({ task: "through the gate", workingDirectory: workspace });
    expect((await own.dryRun(shell("ls"), shell("git push"))).plan).toMatchObject({ effect: "require_approval" });
    await own.finish("succeeded");
    await own.close();
    const asked = { agent: "coder", workingDirectory: workspace, actions: [shell("ls")] };
    expect((await test.person.dryRun(asked)).plan).toMatchObject({ effect: "allow", score: 0 });
    const { out, status } = await inFolder(test.folder, ["dry-run", "--run", run.id, "--", "git", "push"]);
    expect(status).toBe(0);
    expect(out).toContain("A person would be asked: ");
    expect(out).toContain("Nothing was run or recorded.");
  });

  it("is refused where nobody knows whose it is, and for another agent's run", async () => {
    const other = await test.agent("other");
    await expect(other.dryRun(run.id, [shell("ls")])).rejects.toMatchObject({ code: "not_found" });
    await expect(agent.dryRun(undefined as never, [shell("ls")])).rejects.toMatchObject({ code: "invalid", reason: "run_required" });
    await expect(agent.dryRun(run.id, [])).rejects.toMatchObject({ code: "invalid" });
  });
});
