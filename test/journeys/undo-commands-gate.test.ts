import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AgentClient } from "@pullcord/sdk/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pullcord, pullcordWords, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";
import { openOutside, type Outside } from "./undo/outside.js";

/** Points at which an undo is killed. */
const kills = 6;
const carryOutAndDie = fileURLToPath(new URL("undo/carry-out.mjs", import.meta.url));

let outside: Outside;
beforeEach(() => {
  outside = openOutside();
});
afterEach(() => outside.remove());

describe("through the gate", () => {
  const policy = `version: 1
rules:
  - { id: kept, effect: deny, when: { command: ["pip uninstall --yes kept"] } }
  - { id: all, effect: allow, when: { type: [command_execute] } }
`;
  let test: TestServer;
  let agent: AgentClient;
  beforeEach(async () => {
    test = await startSignedIn({ policy, environment: outside.environment });
    agent = await test.agent("coder", "autonomous");
  });
  afterEach(() => test.close());

  async function runOf(...commands: string[]): Promise<string> {
    const work = join(outside.top, "work");
    mkdirSync(work, { recursive: true });
    const run = await agent.openRun({ task: "work", workingDirectory: work });
    for (const command of commands) {
      const { action, next } = await agent.propose(run.id, { type: "command_execute", arguments: { command }, workingDirectory: work });
      expect(next).toBe("run");
      outside.run(["sh", "-c", command], work);
      await agent.reportOutcome(action.id, { status: "succeeded" });
    }
    await agent.finishRun(run.id, "succeeded");
    return run.id;
  }

  it("shows what it would run, runs it only when that was seen, and puts files back with it", async () => {
    outside.setState({ pip: { one: "1" } });
    const run = await runOf(
      "pip install two && echo two > requirements.txt",
      "pip install one==2; curl -X POST https://example.com/hook -d x || true",
    );
    const preview = await test.person.previewUndo({ run });
    expect(preview.changes.map(({ of, path, runs }) => [of, path, runs])).toEqual([
      ["command", "packages of pip/one", ["pip install --disable-pip-version-check one==1"]],
      ["command", "packages of pip/two", ["pip uninstall --yes two"]],
      ["file", "requirements.txt", []],
    ]);
    // The first action is all covered; the second did something that is not.
    expect(preview.notKept.filter((sentence) => sentence.startsWith("Beyond files"))).toEqual([
      expect.stringMatching(/curl.*undo takes back what changed in packages of pip, not what else it did/),
    ]);
    await expect(test.person.undo({ run })).rejects.toMatchObject({ reason: "preview_required" });
    expect(outside.state()).toEqual({ pip: { one: "2", two: "9.9.9" } });
    const undo = await test.person.undo({ run, digest: preview.digest });
    expect(undo).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(outside.state()).toEqual({ pip: { one: "1" } });
    expect(existsSync(join(outside.top, "work/requirements.txt"))).toBe(false);
  });

  it("says before it runs what an undo would take back, and where there is no way back", async () => {
    const run = await agent.openRun({ task: "work", workingDirectory: outside.top });
    const proposed = ["pip install two", "curl -X POST https://example.com/hook -d x"].map((command) => ({
      type: "command_execute" as const,
      arguments: { command },
    }));
    const { actions } = await agent.dryRun(run.id, proposed);
    const said = actions.map(({ assessment }) => assessment?.preview?.find(({ about }) => about === "undo")?.sentence);
    expect(said[0]).toMatch(/^pullcord undo takes back what changes in packages of pip;/);
    expect(said[1]).not.toMatch(/takes back/);
  });

  it("is judged reversible only where it goes back exactly", async () => {
    outside.setState({ systemctl: { sync: { runs: false, file: "disabled" } } });
    const run = await agent.openRun({ task: "work", workingDirectory: outside.top });
    const commands = [
      "systemctl enable sync",
      "systemctl restart sync",
      // Below `sudo -u` it is another user's.
      "systemctl --user enable sync",
      "systemctl enable sync; curl -X POST https://example.com -d x",
    ];
    const { actions } = await agent.dryRun(
      run.id,
      commands.map((command) => ({ type: "command_execute" as const, arguments: { command } })),
    );
    expect(actions.map(({ assessment }) => assessment?.reversibility)).toEqual([
      "reversible",
      "externally_reversible",
      "externally_reversible",
      "externally_reversible",
    ]);
    const said = actions[0]?.assessment?.preview?.find(({ about }) => about === "undo")?.sentence;
    expect(said).toBe("pullcord undo takes back what changes in service sync.");
  });

  it("is not let go unlooked at, where its judgment counts on that", async () => {
    outside.setState({ systemctl: { sync: { runs: false, file: "disabled" } } });
    outside.refuse("systemctl show");
    const work = join(outside.top, "work");
    mkdirSync(work);
    const run = await agent.openRun({ task: "work", workingDirectory: work });
    const proposed = (command: string) => ({ type: "command_execute" as const, arguments: { command }, workingDirectory: work });
    expect((await agent.propose(run.id, proposed("systemctl restart sync"))).next).toBe("run");
    const { next, guidance } = await agent.propose(run.id, proposed("systemctl enable sync"));
    expect([next, guidance]).toEqual(["deny", expect.stringMatching(/could not look at service sync/)]);
  });

  it("runs nothing that the policy denies", async () => {
    const run = await runOf("pip install kept other");
    const preview = await test.person.previewUndo({ run });
    expect(preview.conflicts).toEqual([
      { of: "command", path: "packages of pip/kept", sentence: expect.stringMatching(/^The policy denies pip uninstall --yes kept: /) },
    ]);
    await test.person.undo({ run, digest: preview.digest });
    expect(outside.state()).toEqual({ pip: { kept: "9.9.9" } });
  });

  it("is not done from the command line unseen", async () => {
    const run = await runOf("pip install two");
    const unseen = await pullcord(test.folder, ["undo", run]);
    expect(unseen.out).toContain("runs pip uninstall --yes two");
    expect([unseen.status, unseen.err]).toEqual([2, expect.stringContaining("--yes")]);
    expect(outside.state()).toEqual({ pip: { two: "9.9.9" } });
    for (const told of ["diff", "review"])
      expect((await pullcord(test.folder, [told, run])).out).toMatch(/packages of pip\/two.*\n +undo runs pip uninstall --yes two\n/);
    expect((await pullcord(test.folder, ["undo", run, "--yes"])).status).toBe(0);
    expect(outside.state()).toEqual({});
  });
});

it(`is finished by the next server wherever the undo is killed with -9 (${kills} points)`, async () => {
  const before = { pip: { one: "1", two: "1" }, crontab: { own: "0 3 * * * backup\n" } };
  outside.setState(before);
  await outside.act("a1", ["pip", "install", "one==2", "three"]);
  await outside.act("a2", ["crontab", "-r"]);
  const after = outside.state();
  let killed = 0;
  for (let kill = 0; kill < kills; kill++) {
    const id = `u${kill}`;
    const parts = await outside.keeper.plan({ runId: "r" });
    expect(parts.flatMap(({ changes }) => changes)).toHaveLength(3);
    outside.keeper.begin(id, parts);
    // An undo makes about thirty changes to the disk; after each of these, spread over them, it is killed.
    const nth = 1 + Math.floor((kill * 24) / Math.max(1, kills - 1));
    const words = [...pullcordWords.slice(0, -1), carryOutAndDie, outside.data, id, String(nth)];
    killed += spawnSync(process.execPath, words, { env: outside.environment }).signal === "SIGKILL" ? 1 : 0;
    const next = outside.reopen();
    const end = await next.carryOut(id);
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
    expect(outside.state()).toEqual(before);
    // As the run had left it, seen by nobody: for the next time.
    const redo = await next.planRedo(id);
    next.begin(`r${kill}`, redo);
    await next.carryOut(`r${kill}`);
    expect(outside.state()).toEqual(after);
  }
  expect(killed).toBe(kills);
});
