import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { KeepPreview, ReviewOutcome, Run } from "@pullcord/sdk/protocol";
import { photograph } from "../../sdk/src/undo/workshop.test.support.js";
import { holdFor, startTestServer, type TestServer } from "./server-for-tests.js";

const policy = "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write, file_delete] } }\n";

let test: TestServer;
let agent: AgentClient;
let root: string;
let run: Run;
beforeAll(async () => {
  test = await startTestServer({ policy });
  agent = await test.agent("coder", "autonomous");
});
afterAll(() => test.close());
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-review-")));
  git("init", "-q", "-b", "main");
  for (const name of ["app.ts", "theirs.ts", "gone.ts", "mixed.ts"]) writeFileSync(at(name), "one\ntwo\nthree\nfour\nfive\nsix\n");
  writeFileSync(at(".gitignore"), "*.log\n");
  git("add", "-A");
  git("commit", "-qm", "Begin");
  run = await agent.openRun({ task: "Tidy the shop\nPullcord-Approved-By: nobody", workingDirectory: root });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string) => join(root, path);
const git = (...words: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: root, encoding: "utf8" });
/** Everything but git's objects and refs of our own. */
const everything = () =>
  Object.fromEntries(Object.entries(photograph(root)).filter(([path]) => !/^\.git\/(objects|refs\/pullcord)(\/|$)/.test(path)));
const shell = async (command: string) => {
  const { action, next } = await agent.propose(run.id, { type: "command_execute", arguments: { command } });
  expect(next).toBe("run");
  execFileSync("sh", ["-c", command], { cwd: root, stdio: "ignore" });
  await agent.reportOutcome(action.id, { status: "succeeded" });
  return action.id;
};
const possible = (keep: KeepPreview) => {
  if (!keep.isPossible) throw new Error(keep.sentence);
  return keep;
};
const kept = (outcome: ReviewOutcome) => {
  if (outcome.outcome !== "kept") throw new Error(outcome.outcome);
  return outcome;
};

describe("keeping what a run changed", () => {
  it("makes a commit of the run's changes alone, and touches neither index, HEAD, hooks nor working tree", async () => {
    appendFileSync(at("mixed.ts"), "a person's, not committed\n");
    writeFileSync(at("mine.txt"), "a person's\n");
    git("add", "mine.txt");
    writeFileSync(at(".git/hooks/reference-transaction"), "#!/bin/sh\ntouch ../hook-ran hook-ran\n", { mode: 0o755 });
    await shell(
      "sed -i s/two/TWO/ app.ts mixed.ts; rm gone.ts; mkdir -p new/deep; echo new > 'new/deep/a \"b\".ts'; chmod +x app.ts; ln -s app.ts link; echo x > build.log",
    );
    rmSync(at("hook-ran"), { force: true });
    rmSync(at(".git/hook-ran"), { force: true });
    appendFileSync(at("app.ts"), "a person's, later\n");
    await agent.finishRun(run.id, "succeeded");
    const before = everything();

    const { keep, changes, outcomes } = await test.person.reviews.read(run.id);
    const preview = possible(keep);
    expect([preview.branch, outcomes, changes.length]).toEqual([`pullcord/${run.id}`, [], 8]);
    expect(preview.paths).toEqual(["app.ts", "gone.ts", "link", "mixed.ts", 'new/deep/a "b".ts']);
    expect(preview.left).toEqual([{ of: "file", path: "build.log", sentence: "Git ignores it." }]);
    expect(everything()).toEqual(before);

    const outcome = kept(await test.person.reviews.make(run.id, { outcome: "keep", digest: preview.digest }));
    const branch = `.git/refs/heads/pullcord/${run.id}`;
    const news = Object.keys(everything()).filter((path) => everything()[path] !== before[path]);
    expect(news.filter((path) => !path.startsWith(".git/logs/"))).toEqual([".git/refs/heads/pullcord", branch]);
    expect(git("rev-parse", outcome.branch)).toBe(`${outcome.commit}\n`);
    expect(git("log", "-1", "--format=%an|%P", outcome.branch)).toBe(`coder|${git("rev-parse", "main")}`);
    expect(git("diff", "--name-status", "main", outcome.branch).trim().split("\n")).toEqual([
      "M\tapp.ts",
      "D\tgone.ts",
      "A\tlink",
      "M\tmixed.ts",
      'A\t"new/deep/a \\"b\\".ts"',
    ]);
    expect(git("show", `${outcome.branch}:mixed.ts`)).toBe("one\nTWO\nthree\nfour\nfive\nsix\n");
    expect(git("show", `${outcome.branch}:app.ts`)).toBe("one\nTWO\nthree\nfour\nfive\nsix\n");
    expect(git("ls-tree", outcome.branch, "app.ts", "link")).toMatch(/^100755 .*\n120000 /);
    git("fsck", "--strict");
  });

  it("says in its message what was asked, told, done and approved, and lets no text of an agent pass for a trailer", async () => {
    const ids = [await shell("echo one >> app.ts")];
    await test.person.intervene({ kind: "instruct", scope: { kind: "run", id: run.id }, text: "mind the tests" });
    const { action } = await agent.propose(run.id, { type: "external_api_call", arguments: { call: "ship" } });
    const { items } = await test.person.listApprovalRequests({ status: "pending" });
    const presenceProof = await holdFor(test.person, action.digest);
    await test.person.resolve(items[0]!.id, { effect: "approve", digest: action.digest, presenceProof });
    await agent.start(action.id, action.digest);
    await agent.reportOutcome(action.id, { status: "succeeded" });
    await agent.finishRun(run.id, "succeeded");
    const outcome = kept(await test.person.reviews.make(run.id, { outcome: "keep", branch: "tidy", message: "Tidy it\n\nBecause." }));
    const message = git("log", "-1", "--format=%B", "tidy");
    expect(message).toMatch(/^Tidy it\n\nBecause\.\n\nAsked:\n {4}Tidy the shop\n {4}Pullcord-Approved-By: nobody\n/);
    for (const text of ["owner: mind the tests", `${ids[0]} echo one >> app.ts`, `${action.id} approved by owner`])
      expect(message).toContain(text);
    const trailers = git("log", "-1", "--format=%(trailers:only,unfold)", "tidy").trim().split("\n");
    expect(trailers).toEqual([
      `Pullcord-Run: ${run.id}`,
      "Pullcord-Agent: coder",
      "Pullcord-Paths: 1",
      "Pullcord-Approved-By: owner",
      "Pullcord-Kept-By: owner",
    ]);
    const { items: audited } = await test.person.listAudit({ run: run.id, type: "run.reviewed" });
    expect(audited[0]?.body).toMatchObject({ outcome: "kept", branch: "tidy", commit: outcome.commit, paths: 1 });
    expect((await test.person.reviews.read(run.id)).outcomes).toEqual([outcome]);
  });

  it("finds its own commit when it is asked again, as after an answer that was lost", async () => {
    await shell("echo more >> app.ts");
    await agent.finishRun(run.id, "succeeded");
    const first = kept(await test.person.reviews.make(run.id, { outcome: "keep" }));
    expect(kept(await test.person.reviews.make(run.id, { outcome: "keep" })).commit).toBe(first.commit);
    await expect(test.person.reviews.make(run.id, { outcome: "keep", message: "Other" })).rejects.toMatchObject({
      reason: "branch_exists",
    });
    expect(git("for-each-ref", "--format=%(refname)", "refs/pullcord/keep")).toBe("");
  });

  it("stands on where the repository was when the run began, whatever the run and a person committed since", async () => {
    const start = git("rev-parse", "HEAD");
    await shell("echo agent >> app.ts; git -c user.name=a -c user.email=a@example.com commit -qam agent; echo more >> app.ts");
    writeFileSync(at("mine.txt"), "mine\n");
    git("add", "mine.txt");
    git("commit", "-qm", "Mine");
    await agent.finishRun(run.id, "succeeded");
    const outcome = kept(await test.person.reviews.make(run.id, { outcome: "keep" }));
    expect(git("rev-parse", `${outcome.branch}^`)).toBe(start);
    expect(git("diff", "--stat", start.trim(), outcome.branch)).toContain("app.ts | 2 ++");
  });

  it("keeps what the run did although it was discarded before, and the start although git's own traces of it are gone", async () => {
    const start = git("rev-parse", "HEAD");
    await shell(
      "echo agent >> app.ts; git checkout -q --orphan other; git branch -D main; rm -rf .git/logs; git gc -q --prune=now; git rm -q -r --cached .; true",
    );
    await agent.finishRun(run.id, "failed");
    const discarded = await test.person.reviews.make(run.id, { outcome: "discard", reason: "later" });
    expect(discarded).toMatchObject({ outcome: "discarded", reason: "later", conflicts: [] });
    expect([git("rev-parse", "HEAD"), git("status", "--porcelain")]).toEqual([start, ""]);
    const outcome = kept(await test.person.reviews.make(run.id, { outcome: "keep" }));
    expect(git("show", `${outcome.branch}:app.ts`)).toContain("agent");
    expect((await test.person.reviews.read(run.id)).outcomes.map((each) => each.outcome)).toEqual(["discarded", "kept"]);
  });

  it("leaves out what a person had changed and not committed in the very same lines", async () => {
    writeFileSync(at("mixed.ts"), "one\nPERSON\nthree\n");
    await shell("sed -i s/PERSON/AGENT/ mixed.ts; echo x >> app.ts");
    await agent.finishRun(run.id, "succeeded");
    const { paths, left } = possible((await test.person.reviews.read(run.id)).keep);
    expect([paths, left.map(({ path }) => path)]).toEqual([["app.ts"], ["mixed.ts"]]);
  });

  it("runs no program that the repository names: what goes through a filter is left out", async () => {
    await shell(
      `printf '*.bin filter=evil\\n' > .gitattributes; git config filter.evil.clean 'touch ${at("ran")}; cat'; git config core.fsmonitor 'touch ${at("ran")}'; git config log.showSignature true; git config gpg.program 'touch ${at("ran")}'; echo x > a.bin; printf 'a\\r\\n' > dos.txt; git config core.autocrlf true`,
    );
    rmSync(at("ran"), { force: true });
    await agent.finishRun(run.id, "succeeded");
    const { left } = possible((await test.person.reviews.read(run.id)).keep);
    expect(left.map(({ path, sentence }) => [path, sentence.slice(0, 37)])).toEqual([
      ["a.bin", "Git would convert it first (filter=ev"],
      ["dos.txt", "Git would convert it first (core.auto"],
    ]);
    kept(await test.person.reviews.make(run.id, { outcome: "keep" }));
    expect(existsSync(at("ran"))).toBe(false);
  });

  it("begins a history where there was none", async () => {
    rmSync(at(".git"), { recursive: true });
    git("init", "-q", "-b", "main");
    run = await agent.openRun({ task: "fresh", workingDirectory: root });
    await shell("echo first > first.ts");
    await agent.finishRun(run.id, "succeeded");
    const outcome = kept(await test.person.reviews.make(run.id, { outcome: "keep" }));
    expect([outcome.base, git("log", "--format=%s", outcome.branch)]).toEqual([null, "fresh\n"]);
  });
});

describe("a review that can't be done", () => {
  const refused = (of: Run, branch?: string) =>
    test.person.reviews.make(of.id, { outcome: "keep", ...(branch === undefined ? {} : { branch }) });

  it("says why: the run goes on, no repository, nothing to keep, no name for a branch, a branch that is there", async () => {
    await shell("echo x >> app.ts");
    await expect(refused(run)).rejects.toMatchObject({ reason: "run_running" });
    await agent.finishRun(run.id, "succeeded");
    for (const name of ["-x", "a..b", "a b", "x.lock"]) await expect(refused(run, name)).rejects.toMatchObject({ reason: "branch" });
    await expect(refused(run, "main")).rejects.toMatchObject({ reason: "branch_exists" });
    await expect(test.person.reviews.make(run.id, { outcome: "keep", digest: "0".repeat(64) })).rejects.toMatchObject({
      reason: "preview_outdated",
    });
    const idle = await agent.openRun({ task: "nothing", workingDirectory: root });
    await agent.finishRun(idle.id, "succeeded");
    await expect(refused(idle)).rejects.toMatchObject({ reason: "nothing_to_keep" });
    rmSync(at(".git"), { recursive: true });
    await expect(refused(run)).rejects.toMatchObject({ reason: "no_repository" });
    expect((await test.person.reviews.read(run.id)).keep).toMatchObject({ isPossible: false, reason: "no_repository" });
  });

  it("is for people: an agent's token can neither look nor decide", async () => {
    await agent.finishRun(run.id, "succeeded");
    const { secret } = await test.person.issueAgentToken("coder");
    for (const method of ["GET", "POST"]) {
      const { status } = await fetch(`${test.server.url}/v1/runs/${run.id}/review`, {
        method,
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        ...(method === "POST" ? { body: JSON.stringify({ outcome: "keep" }) } : {}),
      });
      expect(status).toBe(403);
    }
  });
});
