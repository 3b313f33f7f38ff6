import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { fill, meddle, seeded } from "../../../../sdk/src/undo/workshop.test.support.js";
import { planKeep } from "./plan-keep.js";

/** Seeds of the generated runs; more with PULLCORD_KEEP_SEEDS. */
const seeds = Array.from({ length: Number(process.env["PULLCORD_KEEP_SEEDS"] ?? 2) }, (_none, seed) => seed + 1);
const actions = 30;
const signature = { name: "a", email: "a@example.com" };

let top: string;
let keeper: SnapshotKeeper;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-keep-")));
  mkdirSync(at(""));
  git("init", "-q", "-b", "main");
  keeper = new SnapshotKeeper({
    folder: join(top, "data"),
    ownFolder: join(top, "data"),
    quotaBytes: 2 ** 28,
    bounds: { mostEntries: 10_000, longestMs: 60_000 },
  });
});
afterEach(async () => {
  await keeper.close();
  rmSync(top, { recursive: true, force: true });
});

const at = (path: string) => join(top, "work", path);
const git = (...words: string[]) => gitWith({}, ...words);
const gitWith = (environment: Record<string, string>, ...words: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
    cwd: at(""),
    encoding: "utf8",
    env: { ...process.env, ...environment },
  }).trim();
/** The tree that git itself makes of the folder as it stands. */
function treeOfGit(): string {
  const environment = { GIT_INDEX_FILE: join(top, "index") };
  rmSync(join(top, "index"), { force: true });
  gitWith(environment, "add", "-A");
  return gitWith(environment, "write-tree");
}
async function act(runId: string, actionId: string, work: () => void) {
  const key = { runId, actionId };
  await keeper.files.workspace(at("")).began(key, null);
  work();
  await keeper.files.workspace(at("")).ended(key);
}
/** Of a file that a person and the run both work in. */
function setLine(line: number, text: string): void {
  const lines = readFileSync(at("part-0/file-0.txt"), "utf8").split("\n");
  lines[line] = text;
  writeFileSync(at("part-0/file-0.txt"), lines.join("\n"));
}
async function keep(runId: string): Promise<string> {
  const plan = await planKeep({ workspace: keeper.files.workspace(at("")), runId, elsewhere: [], programPath: keeper.programPath });
  expect(plan.left).toEqual([]);
  await plan.commit({ branch: runId, message: "m\n", author: signature, committer: signature });
  return git("rev-parse", `${runId}^{tree}`);
}

describe.each(seeds)("what is kept of a generated run (seed %i)", (seed) => {
  it("is, where nobody else changed anything, the very tree that git makes of the folder", async () => {
    const random = seeded(seed);
    fill(at(""), random);
    git("add", "-A");
    git("commit", "-qm", "Begin");
    for (let action = 0; action < actions; action++) await act("run", `a${action}`, () => void meddle(at(""), random));
    expect(await keep("run")).toBe(treeOfGit());
    git("fsck", "--strict");
  });

  it("has nothing of what a person changed beforehand and meanwhile, and did not commit", async () => {
    const random = seeded(seed);
    fill(at(""), random);
    git("add", "-A");
    git("commit", "-qm", "Begin");
    const mine = () => {
      mkdirSync(at("person"), { recursive: true });
      writeFileSync(at(`person/${Math.floor(random() * 1e6)}`), "PERSON\n");
      setLine(25, `PERSON ${random()}`);
    };
    mine();
    for (let action = 0; action < actions; action++) {
      await act("run", `a${action}`, () => {
        writeFileSync(at(`made-${action % 7}`), `AGENT ${random()}\n`);
        setLine(3, `AGENT ${random()}`);
      });
      if (action % 5 === 0) mine();
    }
    await keep("run");
    expect(git("grep", "-c", "AGENT", "run").split("\n")).toHaveLength(8);
    expect(git("log", "-p", "main..run")).not.toContain("PERSON");
  });
});

it("is refused where a content that it is made on is missing, as in a partial clone", async () => {
  fill(at(""), seeded(1));
  git("add", "-A");
  git("commit", "-qm", "Begin");
  await act("run", "a1", () => setLine(3, "AGENT"));
  const object = git("rev-parse", "HEAD:part-0/file-0.txt");
  rmSync(at(`.git/objects/${object.slice(0, 2)}/${object.slice(2)}`));
  await expect(keep("run")).rejects.toMatchObject({ reason: "git_refused", message: expect.stringContaining(object) });
});

describe("a repository whose settings an agent wrote", () => {
  it("names no program that keeping runs, also where git knows of no way to leave missing objects alone", async () => {
    fill(at(""), seeded(1));
    git("add", "-A");
    git("commit", "-qm", "Begin");
    await act("run", "a1", () => writeFileSync(at("made"), "AGENT\n"));
    const owned = join(top, "owned");
    const settings = [
      ["core.repositoryFormatVersion", "1"],
      ["extensions.partialClone", "origin"],
      ["remote.origin.promisor", "true"],
      ["remote.origin.url", at("")],
      ["remote.origin.uploadPack", `touch ${owned}; false`],
      ["protocol.file.allow", "always"],
    ];
    for (const [name = "", value = ""] of settings) git("config", name, value);
    writeFileSync(at(".git/refs/pullcord/start/run"), `${"1".repeat(40)}\n`);
    await withOlderGit(() => keep("run").catch(() => undefined));
    expect(existsSync(owned)).toBe(false);
    // The trap does spring where git is called without care.
    expect(() => git("cat-file", "-p", "1".repeat(40))).toThrow(/Not a valid object name/);
    expect(existsSync(owned)).toBe(true);
  });
});

describe("what an agent put where git keeps its refs", () => {
  beforeEach(async () => {
    fill(at(""), seeded(1));
    git("add", "-A");
    git("commit", "-qm", "Begin");
    await act("run", "a1", () => setLine(3, "AGENT"));
    mkdirSync(join(top, "elsewhere"));
  });

  it.each(["logs/refs/heads/run", "logs/refs/heads", "refs/heads/run", "refs/pullcord/keep", "logs/HEAD", "packed-refs"])(
    "is not followed: a link at %s",
    async (path) => {
      rmSync(at(`.git/${path}`), { recursive: true, force: true });
      mkdirSync(dirname(at(`.git/${path}`)), { recursive: true });
      symlinkSync(join(top, "elsewhere", path === "packed-refs" ? path : ""), at(`.git/${path}`));
      await expect(keep("run")).rejects.toMatchObject({ reason: "git_refused", message: expect.stringContaining(`.git/${path} is a`) });
      expect(readdirSync(join(top, "elsewhere"))).toEqual([]);
    },
  );

  it("leads to no other branch: the ref that a commit passes through", async () => {
    const main = git("rev-parse", "main");
    git("symbolic-ref", "refs/pullcord/keep/run", "refs/heads/main");
    await keep("run");
    expect([git("rev-parse", "main"), git("rev-parse", "run^")]).toEqual([main, main]);
  });

  it("leads to no other branch: the branch itself", async () => {
    git("symbolic-ref", "refs/heads/run", "refs/heads/other");
    await keep("run").catch(() => undefined);
    expect(git("for-each-ref", "--format=%(refname)", "refs/heads/other")).toBe("");
  });
});

it("runs no git that lies among a workspace's packages, where npx and npm start look first", async () => {
  fill(at(""), seeded(1));
  git("add", "-A");
  git("commit", "-qm", "Begin");
  await act("run", "a1", () => setLine(3, "AGENT"));
  const [owned, packages, path] = [join(top, "owned"), at("node_modules/.bin"), process.env["PATH"] ?? ""];
  mkdirSync(packages, { recursive: true });
  writeFileSync(join(packages, "git"), `#!/bin/sh\ntouch ${owned}\n`, { mode: 0o755 });
  process.env["PATH"] = `${packages}:${path}`;
  try {
    await keeper.files.workspace(at("")).look(null);
    const plan = await planKeep({
      workspace: keeper.files.workspace(at("")),
      runId: "run",
      elsewhere: [],
      programPath: keeper.programPath,
    });
    expect(plan.paths).toEqual(["part-0/file-0.txt"]);
    expect(existsSync(owned)).toBe(false);
    // The trap does spring where git is called without care.
    execFileSync("git", ["--version"]);
    expect(existsSync(owned)).toBe(true);
  } finally {
    process.env["PATH"] = path;
  }
});

/** Puts a git on the path that has not heard of GIT_NO_LAZY_FETCH, as before 2.45. */
async function withOlderGit(work: () => Promise<unknown>): Promise<void> {
  const [path, own] = [process.env["PATH"] ?? "", join(top, "bin")];
  mkdirSync(own);
  const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
  writeFileSync(join(own, "git"), `#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec ${real} "$@"\n`, { mode: 0o755 });
  process.env["PATH"] = `${own}:${path}`;
  try {
    await work();
  } finally {
    process.env["PATH"] = path;
  }
}
