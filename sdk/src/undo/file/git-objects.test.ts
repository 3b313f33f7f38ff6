import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { usualRules } from "./left-out.js";
import { openWorkshop, photograph, type Workshop } from "../workshop.test.support.js";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

const at = (path: string) => shop.at(path);
const git = (...words: string[]) =>
  execFileSync("git", ["-c", "gc.auto=0", "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
    cwd: shop.root,
    encoding: "utf8",
    stdio: "pipe",
  }).trim();
const isWhole = () => git("fsck", "--full", "--no-dangling");

/** A repository with a commit, some of it in a pack of more than a MiB, some not. */
function begin() {
  git("init", "-q", "-b", "main");
  writeFileSync(at("large"), randomBytes(1_500_000));
  commit("one");
  git("repack", "-adq");
  commit("two");
}

function commit(word: string): string {
  writeFileSync(at("file"), `${word}\n`);
  git("add", "-A");
  git("commit", "-qm", word);
  return git("rev-parse", "HEAD");
}

/** All but the times that git remembers in its index, and the traces of our own that a run leaves there. */
function state(): Record<string, string> {
  return Object.fromEntries(Object.entries(photograph(shop.root)).filter(([path]) => !/^\.git\/(index$|refs\/pullcord)/.test(path)));
}

async function undo(id = "u1") {
  const { planned, end } = await shop.undo({}, id);
  expect([end.unverified, end.failure]).toEqual([[], undefined]);
  return { ...planned, listed: [...planned.conflicts, ...end.conflicts] };
}

describe("git's state", () => {
  beforeEach(begin);

  it.each<[string, () => void]>([
    ["was removed", () => rmSync(at(".git"), { recursive: true })],
    ["was moved away", () => renameSync(at(".git"), join(shop.root, "../elsewhere"))],
    ["lost its objects", () => rmSync(at(".git/objects"), { recursive: true })],
    ["lost its packs", () => readdirSync(at(".git/objects/pack")).forEach((name) => rmSync(at(`.git/objects/pack/${name}`)))],
    ["was begun anew", () => (rmSync(at(".git"), { recursive: true }), git("init", "-q", "-b", "main"))],
    ["was replaced by a file", () => (rmSync(at(".git"), { recursive: true }), writeFileSync(at(".git"), "agent"))],
  ])("that %s comes back whole, and goes again by a redo", async (_what, work) => {
    const before = state();
    await shop.act("a1", work);
    const gone = state();
    const { changes, listed } = await undo();
    expect([listed, isWhole(), git("status", "--porcelain"), git("log", "--format=%s")]).toEqual([[], "", "", "two\none"]);
    expect(state()).toEqual(before);
    expect(changes.filter(({ path }) => path.includes("objects")).map(({ path }) => path)).toEqual([".git/objects"]);
    const redo = await shop.keeper.planRedo("u1");
    shop.keeper.begin("u2", redo);
    expect(await shop.keeper.carryOut("u2")).toMatchObject({ conflicts: [], unverified: [] });
    expect(existsSync(at(".git/HEAD"))).toBe(".git/HEAD" in gone);
  });

  it("comes back by the next server, with commits made between the actions of a run", async () => {
    await shop.act("a1", () => void commit("agent"));
    commit("person");
    const before = state();
    await shop.act("a2", () => rmSync(at(".git"), { recursive: true }));
    await shop.keeper.close();
    const later = shop.reopen();
    later.begin("u1", await later.plan({ runId: "r", actionId: "a2" }));
    expect(await later.carryOut("u1")).toMatchObject({ conflicts: [], unverified: [] });
    expect([state(), isWhole()]).toEqual([before, ""]);
  });

  it("keeps what a reset and a gc of the run threw away", async () => {
    git("branch", "other");
    git("checkout", "-q", "other");
    const lost = commit("lost");
    git("checkout", "-q", "main");
    await shop.act("a1", () => {
      git("branch", "-D", "other");
      git("reflog", "expire", "--expire=now", "--all");
      git("gc", "-q", "--prune=now");
      expect(() => git("cat-file", "-t", lost)).toThrow("could not get object info");
    });
    expect([(await undo()).listed, git("rev-parse", "other"), git("log", "-1", "--format=%s", lost), isWhole()]).toEqual([
      [],
      lost,
      "lost",
      "",
    ]);
  });

  it("brings lost objects back where a person has gone on with git since, and leaves the rest as it is", async () => {
    const lost = git("commit-tree", "-m", "lost", git("write-tree"));
    git("update-ref", "refs/heads/other", lost);
    await shop.act("a1", () => {
      git("update-ref", "-d", "refs/heads/other");
      git("gc", "-q", "--prune=now");
    });
    const person = commit("person");
    expect((await undo()).listed.map(({ path }) => path)).toEqual([".git"]);
    expect([git("rev-parse", "HEAD"), git("cat-file", "-t", lost), isWhole()]).toEqual([person, "commit", ""]);
  });

  it("leaves the objects of a commit that is taken back, for whoever looks for it", async () => {
    let made = "";
    await shop.act("a1", () => void (made = commit("agent")));
    const { changes } = await undo();
    expect([git("log", "--format=%s"), git("cat-file", "-t", made)]).toEqual(["two\none", "commit"]);
    expect(changes.filter(({ path }) => path.includes("objects"))).toEqual([]);
  });

  it("says before which pack was written to in its place, and brings the rest back", async () => {
    const pack = readdirSync(at(".git/objects/pack")).find((name) => name.endsWith(".pack")) as string;
    await shop.workspace.look(null);
    // Where the file system has no clones, the kept one is the same file.
    const isSameFile = statSync(at(`.git/objects/pack/${pack}`)).nlink === 2;
    await shop.act("a1", () => {
      chmodSync(at(`.git/objects/pack/${pack}`), 0o644);
      appendFileSync(at(`.git/objects/pack/${pack}`), "shredded");
      rmSync(at(".git"), { recursive: true });
    });
    const { listed } = await undo();
    expect(listed.map(({ path }) => path)).toEqual(isSameFile ? [`.git/objects/pack/${pack}`] : []);
    expect(existsSync(at(".git/HEAD"))).toBe(true);
  });
});

describe("a repository that a run made", () => {
  beforeEach(() => shop.act("a1", begin));

  it("goes with all its objects", async () => {
    expect([(await undo()).listed, readdirSync(shop.root)]).toEqual([[], []]);
  });

  it("stays with all its objects where a person has committed to it since", async () => {
    commit("person");
    expect([(await undo()).listed.map(({ path }) => path), isWhole()]).toEqual([["file", ".git"], ""]);
  });

  it("stays with all its objects where a person has put a file into it since", async () => {
    writeFileSync(at(".git/note"), "person");
    expect([(await undo()).listed.map(({ path }) => path), isWhole()]).toEqual([[".git"], ""]);
  });
});

it("keeps no objects of a repository that holds too many, says so, and looks at the rest as ever", async () => {
  const mostLooseObjects = 20;
  shop.remove();
  shop = openWorkshop({ rules: { ...usualRules, mostLooseObjects } });
  begin();
  for (let word = 0; word < mostLooseObjects; word += 1) commit(`${word}`);
  await shop.act("a1", () => writeFileSync(at("file"), "agent"));
  expect(shop.workspace.unkept()).toEqual([".git/objects"]);
  await shop.act("a2", () => void commit("agent"));
  expect([(await undo()).listed, git("log", "-1", "--format=%s")]).toEqual([[], `${mostLooseObjects - 1}`]);
});
