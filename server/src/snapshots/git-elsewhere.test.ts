import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAction } from "../domain/risk/read-action.js";
import { prepareReading } from "../domain/risk/sql.js";
import { localSurroundings } from "../surroundings/local.js";
import { gitStateElsewhere } from "./git-elsewhere.js";
import { KeptSnapshots } from "./kept-snapshots.js";

let top: string;
let snapshots: KeptSnapshots;
beforeEach(async () => {
  await prepareReading();
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-worktree-")));
  for (const folder of ["main", "data"]) mkdirSync(at(folder));
  git("main", "init", "-q", "-b", "main");
  writeFileSync(at("main/app.ts"), "begun\n");
  git("main", "add", "-A");
  git("main", "commit", "-qm", "Begin");
  for (const name of ["one", "two"]) git("main", "worktree", "add", "-q", at(name), "-b", name);
  snapshots = new KeptSnapshots({
    mode: "same-user",
    dataFolder: at("data"),
    policy: () => ({ snapshots: { quotaBytes: 2 ** 25, keepMs: 2 ** 40, leaveOut: [], keepAlso: [], largestFileBytes: 2 ** 25 } }),
    read: readAction,
    surroundings: (workspace) => localSurroundings({ workspace, home: "/nowhere", gate: { paths: [], hosts: [], pids: [] } }),
    now: Date.now,
    onFailure: (error) => expect.fail(String(error)),
  });
});
afterEach(async () => {
  await snapshots.close();
  rmSync(top, { recursive: true, force: true });
});

const at = (path: string) => join(top, path);
const git = (folder: string, ...words: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: at(folder), encoding: "utf8" });
const stateOf = (folder: string) => [
  git(folder, "rev-parse", "HEAD"),
  git(folder, "symbolic-ref", "HEAD"),
  git(folder, "reflog"),
  git(folder, "--no-optional-locks", "status", "--porcelain=v2"),
];

const action = {
  id: "a1",
  runId: "r1",
  proposed: { type: "command_execute", arguments: { command: "./work" } },
  workingDirectory: "",
} as const;

describe("undo in a linked worktree", () => {
  it("takes back what the run did to its own HEAD, index and branch, and leaves the other worktrees alone", async () => {
    const [one, main] = [stateOf("one"), stateOf("main")];
    await snapshots.before({ ...action, workingDirectory: at("one") });
    for (const name of ["one", "two"]) {
      writeFileSync(at(`${name}/app.ts`), `${name}\n`);
      git(name, "commit", "-qam", name);
    }
    writeFileSync(at("one/new.ts"), "new\n");
    git("one", "add", "-A");
    const two = stateOf("two");
    git("one", "checkout", "-q", "--detach");
    await snapshots.after(action, { status: "succeeded", at: 0, outcome: { status: "succeeded" } });
    git("one", "status");
    const plan = await snapshots.plan("r1", { run: "r1" });
    expect(plan.conflicts).toEqual([]);
    plan.begin("u1");
    expect(await snapshots.carryOut("u1")).toMatchObject({ conflicts: [], unverified: [] });
    expect([stateOf("one"), stateOf("main"), stateOf("two")]).toEqual([one, main, two]);
  });
});

describe("undo in a submodule", () => {
  it("takes back what the run did to its state, also that it was removed, and leaves the repository around it alone", async () => {
    git("main", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", at("one"), "parts/inner");
    git("main", "commit", "-qm", "Add a submodule");
    const root = "main/parts/inner";
    const own = at("main/.git/modules/parts/inner");
    expect(gitStateElsewhere(at(root))).toEqual([own]);
    const [inner, main] = [stateOf(root), stateOf("main")];
    await snapshots.before({ ...action, workingDirectory: at(root) });
    writeFileSync(at(`${root}/app.ts`), "agent\n");
    git(root, "commit", "-qam", "agent");
    rmSync(own, { recursive: true });
    await snapshots.after(action, { status: "succeeded", at: 0, outcome: { status: "succeeded" } });
    const plan = await snapshots.plan("r1", { run: "r1" });
    plan.begin("u1");
    expect([plan.conflicts, await snapshots.carryOut("u1")]).toMatchObject([[], { conflicts: [], unverified: [] }]);
    expect([stateOf(root), stateOf("main"), git(root, "fsck", "--full")]).toEqual([inner, main, ""]);
    writeFileSync(join(own, "config"), "[core]\n\tworktree = ../../../../../elsewhere\n");
    expect(gitStateElsewhere(at(root))).toEqual([]);
  });
});

describe("the state of a linked worktree", () => {
  it("is its own folder and the branch it stands on", () => {
    const folder = at("main/.git");
    expect(gitStateElsewhere(at("one"))).toEqual([
      join(folder, "worktrees/one"),
      join(folder, "refs/heads/one"),
      join(folder, "logs/refs/heads/one"),
    ]);
    git("one", "checkout", "-q", "--detach");
    expect(gitStateElsewhere(at("one"))).toEqual([join(folder, "worktrees/one")]);
    expect(gitStateElsewhere(at("main"))).toEqual([]);
  });

  it.each([
    ["points to a folder that does not point back", () => writeFileSync(at("two/.git"), `gitdir: ${at("main/.git/worktrees/one")}\n`)],
    ["points to no worktree's state", () => writeFileSync(at("two/.git"), `gitdir: ${at("main")}\n`)],
    ["is a link", () => (rmSync(at("two/.git")), symlinkSync(at("one/.git"), at("two/.git")))],
    ["is too long", () => writeFileSync(at("two/.git"), `gitdir: ${"x".repeat(5_000)}\n`)],
  ])("is nothing where the pointer %s", (_what, forge) => {
    forge();
    expect(gitStateElsewhere(at("two"))).toEqual([]);
  });

  it("follows no branch that leads out of the repository", () => {
    writeFileSync(at("main/.git/worktrees/one/HEAD"), "ref: refs/heads/../../../../outside\n");
    expect(gitStateElsewhere(at("one"))).toEqual([at("main/.git/worktrees/one")]);
  });
});
