import { execFile, execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Undo } from "@pullcord/sdk/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pullcord as inFolder, pullcordWords, startSignedIn, type Said } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

const policy = "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write] } }\n";

describe("undo at the terminal", () => {
  let test: TestServer;
  let root: string;
  beforeAll(async () => {
    test = await startSignedIn({ policy });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-cli-undo-")));
    for (const name of ["one", "two"]) writeFileSync(join(root, name), "first\nsecond\nthird\nfourth\n");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const pullcord = (...words: string[]): Promise<Said> => inFolder(test.folder, words);
  const text = (name: string) => readFileSync(join(root, name), "utf8");

  /** A run of a script that changes one file, removes another, makes a third. */
  async function runScript(): Promise<string> {
    writeFileSync(
      join(root, "work.sh"),
      'cd "$(dirname "$0")" || exit 1\nsed -i s/second/SECOND/ one\nrm two\nmkdir -p new\necho new > new/three\n',
    );
    const { id } = await runOf("sh", join(root, "work.sh"));
    return id;
  }

  async function runOf(...command: string[]) {
    const words = [...pullcordWords, "--data", test.folder, "run", "--agent", "script", "--", ...command];
    const said = await promisify(execFile)(process.execPath, words, { cwd: root, env: { PATH: process.env["PATH"], HOME: test.folder } });
    expect(said.stderr).toContain("goes on");
    const { items } = await test.person.listRuns({ limit: 1 });
    return items[0]!;
  }

  it("shows what a run changed, shows what an undo would do, does it, and takes it back", async () => {
    const agent = await test.agent("coder", "autonomous");
    const run = await agent.openRun({ task: "work", workingDirectory: root });
    const { action } = await agent.propose(run.id, { type: "command_execute", arguments: { command: "./work.sh" } });
    writeFileSync(join(root, "one"), text("one").replace("second", "SECOND \u202E"));
    rmSync(join(root, "two"));
    await agent.reportOutcome(action.id, { status: "succeeded" });

    const shown = await pullcord("diff", run.id);
    expect(shown.out).toContain(String.raw`+SECOND \u{202e}`);
    expect(shown.out).toContain(`- two`);
    expect(shown.out).toContain(action.id);
    expect((await pullcord("undo", run.id)).err).toContain("is still running");
    const stopped = await pullcord("stop", run.id);
    expect(stopped.out).toContain(`(2 changes: one, two): pullcord undo ${run.id}`);
    expect(stopped.out).toContain(`pullcord review ${run.id}`);

    appendFileSync(join(root, "one"), "person\n");
    const dry = await pullcord("undo", run.id, "--dry-run");
    expect([dry.status, text("one")]).toEqual([0, expect.stringContaining("SECOND")]);
    expect(dry.out).toContain("+second");
    const done = await pullcord("undo", run.id, "--reason", "wrong");
    expect([done.status, done.out]).toEqual([0, expect.stringContaining("Undone: 2 changes")]);
    expect([text("one"), text("two")]).toEqual(["first\nsecond\nthird\nfourth\nperson\n", "first\nsecond\nthird\nfourth\n"]);
    expect((await pullcord("undo", run.id)).out).toContain("nothing to take back");

    const [undo] = (await test.person.listUndos({ run: run.id })).items as [Undo];
    expect((await pullcord("show", undo.id)).out).toContain("wrong");
    expect((await pullcord("redo", undo.id)).status).toBe(0);
    expect([text("one").includes("SECOND"), existsSync(join(root, "two"))]).toEqual([true, false]);
  });

  it("reviews a run at its end: shows it, keeps it as a commit, discards it", async () => {
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: root });
    git("init", "-q", "-b", "main");
    git("add", "-A");
    git("commit", "-qm", "Begin");
    const id = await runScript();
    expect((await pullcord()).out).toContain(`pullcord review ${id}`);
    const shown = await pullcord("review", id);
    for (const text of ["Asked", "new/three", `pullcord/${id}`, "Begin", `pullcord review ${id} --keep`]) expect(shown.out).toContain(text);
    expect((await inFolder(test.folder, ["review", id, "--keep"], { CLAUDECODE: "1" })).status).toBe(4);
    expect((await pullcord("review", id, "--keep", "--discard")).status).toBe(2);
    const kept = await pullcord("review", id, "--keep", "--message", "Tidy");
    expect([kept.status, kept.out]).toEqual([0, expect.stringContaining(`Kept on branch pullcord/${id}`)]);
    expect(String(git("log", "-1", "--format=%s", `pullcord/${id}`))).toBe("Tidy\n");
    expect((await pullcord("review", id, "--keep")).err).toContain("There is a branch");
    const discarded = await pullcord("review", id, "--discard", "--reason", "not now");
    expect([discarded.status, existsSync(join(root, "two")), existsSync(join(root, "new/three"))]).toEqual([0, true, false]);
    expect((await pullcord("review", id, "--leave")).status).toBe(0);
    const { outcomes } = await test.person.reviews.read(id);
    expect(outcomes.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["kept", undefined],
      ["discarded", "not now"],
      ["left", undefined],
    ]);
  });

  it("undoes only what came after an action, or only some paths", async () => {
    const agent = await test.agent("coder", "autonomous");
    const run = await agent.openRun({ task: "work", workingDirectory: root });
    const ids: string[] = [];
    for (const name of ["one", "two", "new"]) {
      const { action } = await agent.propose(run.id, { type: "file_write", arguments: { path: join(root, name), content: "agent" } });
      writeFileSync(join(root, name), "agent");
      await agent.reportOutcome(action.id, { status: "succeeded" });
      ids.push(action.id);
    }
    await agent.finishRun(run.id, "succeeded");
    const standing = () => ["one", "two", "new"].map((name) => existsSync(join(root, name)) && text(name) === "agent");
    expect((await pullcord("undo", run.id, "--to", ids[1]!, "--dry-run")).out).toContain("- new");
    await pullcord("undo", run.id, "--to", ids[1]!);
    expect(standing()).toEqual([true, true, false]);
    await pullcord("undo", run.id, "--only", "two", "nowhere");
    expect(standing()).toEqual([true, false, false]);
    await pullcord("undo", run.id);
    expect(standing()).toEqual([false, false, false]);
  });

  it("lists what stays, with exit status 1", async () => {
    const agent = await test.agent("coder", "autonomous");
    const run = await agent.openRun({ task: "work", workingDirectory: root });
    const { action } = await agent.propose(run.id, { type: "file_write", arguments: { path: join(root, "one"), content: "agent" } });
    writeFileSync(join(root, "one"), "agent");
    await agent.reportOutcome(action.id, { status: "succeeded" });
    await agent.finishRun(run.id, "succeeded");
    writeFileSync(join(root, "one"), "person");
    const { status, out } = await pullcord("undo", action.id);
    expect([status, out]).toEqual([1, expect.stringMatching(/1 stays[\s\S]*! one[\s\S]*Nothing was changed/)]);
    expect(text("one")).toBe("person");
  });

  it("refuses an agent, and an id that is none", async () => {
    expect((await inFolder(test.folder, ["undo", "rabc"], { CLAUDECODE: "1" })).status).toBe(4);
    expect((await pullcord("undo", "u123")).err).toContain("pullcord redo u123");
  });

  it("undoes what pullcord run ran", async () => {
    const id = await runScript();
    expect([existsSync(join(root, "two")), existsSync(join(root, "new/three"))]).toEqual([false, true]);
    const { status } = await pullcord("undo", id);
    expect(status).toBe(0);
    expect([text("one"), text("two"), existsSync(join(root, "new"))]).toEqual([
      "first\nsecond\nthird\nfourth\n",
      "first\nsecond\nthird\nfourth\n",
      false,
    ]);
  });
});
