import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ProposedAction, Run, Undo } from "@pullcord/sdk/protocol";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { fill, meddle, photograph, seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { openSqlite } from "../../server/src/store/sqlite.js";
import { Store } from "../../server/src/store/store.js";
import { insertUndo } from "../../server/src/store/undos.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

/** Actions of the generated run (issue 6). */
const actions = 500;
const humanEdits = 100;
const policy =
  "version: 1\nguardrails:\n  files_per_run: { ask: 100000, pause: 100000 }\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write, file_delete] } }\n";

let test: TestServer;
let agent: AgentClient;
beforeAll(async () => {
  test = await startTestServer({ policy });
  agent = await test.agent("coder", "autonomous");
});
afterAll(() => test.close());

let root: string;
let run: Run;
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-undo-")));
  fill(root, seeded(11));
  mkdirSync(at("config"));
  writeFileSync(at("config/app.yaml"), Array.from({ length: 7 }, (_none, key) => `key_${key}: begun\n`).join(""));
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-qm", "Begin");
  run = await agent.openRun({ task: "work", workingDirectory: root });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string) => join(root, path);
const git = (...words: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd: root, encoding: "utf8" });
/** Git's state as a person sees it, without refreshing anything. */
const gitState = () => [
  git("rev-parse", "HEAD"),
  git("branch", "-av"),
  git("stash", "list"),
  git("--no-optional-locks", "status", "--porcelain=v2", "--branch"),
];
/** Everything but git's objects, of which there may be more, and the ref of Pullcord's own. */
const everything = () =>
  Object.fromEntries(Object.entries(photograph(root)).filter(([path]) => !/^\.git\/(objects\/|refs\/pullcord|index$)/.test(path)));

async function act(proposed: ProposedAction, work: () => void): Promise<string> {
  const { action, next } = await agent.propose(run.id, proposed);
  expect(next).toBe("run");
  expect(action.decision?.obligations).toContainEqual({ kind: "snapshot" });
  work();
  await agent.reportOutcome(action.id, { status: "succeeded" });
  return action.id;
}
const shell = (command: string) =>
  act({ type: "command_execute", arguments: { command } }, () => execFileSync("sh", ["-c", command], { cwd: root, stdio: "ignore" }));
const finish = () => agent.finishRun(run.id, "succeeded");

describe("undo of a run on a real repository", () => {
  it("puts back every byte, mode, link and git's state after 500 mixed actions", async () => {
    const [before, git0] = [everything(), gitState()];
    await actMuch(seeded(42));
    expect(everything()).not.toEqual(before);
    await finish();
    const preview = await test.person.previewUndo({ run: run.id });
    const undo = await test.person.undo({ run: run.id, digest: preview.digest, reason: "all wrong" });
    expect(undo).toMatchObject({ status: "done", conflicts: [], unverified: [], by: { kind: "person" }, reason: "all wrong" });
    expect([everything(), gitState()]).toEqual([before, git0]);
  });

  it("loses none of 100 edits that a person made in between, and puts back all else", async () => {
    const random = seeded(43);
    const before = everything();
    const mine: Record<string, string> = {};
    await actMuch(random, (step) => {
      if (step % (actions / humanEdits) !== 1) return;
      const line = `PERSON ${step} ${random()}`;
      mine[line] = editAsPerson(line, random);
    });
    await finish();
    const undo = await test.person.undo({ run: run.id });
    expect(undo).toMatchObject({ status: "done", unverified: [] });
    const conflicts = new Set(undo.conflicts.map(({ path }) => path));
    const after = everything();
    const texts = Object.values(after).map((what) => Buffer.from(what.split(" ")[2] ?? "", "base64").toString());
    // A line that the run had overwritten, and the person again since, is under a conflict that was listed.
    const gone = Object.keys(mine).filter((line) => !texts.some((text) => text.includes(line)));
    expect(gone.filter((line) => !conflicts.has(mine[line] ?? ""))).toEqual([]);
    expect(gone.length).toBeLessThan(humanEdits / 10);
    const theirs = new Set([...conflicts, ...Object.values(mine)]);
    expect(Object.entries(before).filter(([path, what]) => !theirs.has(path) && after[path] !== what)).toEqual([]);
  });

  async function actMuch(random: () => number, between: (step: number) => void = () => {}) {
    for (let step = 0; step < actions; step++) {
      if (step % 50 === 7) await shell(`git add -A && git -c user.name=a -c user.email=a@example.com commit -qm step-${step}`);
      else if (step % 50 === 23) await shell(`git checkout -qb agent-${step}`);
      else if (step % 10 === 3) await shell(scriptOf(step));
      else if (step % 10 === 8) await shell(configOf(step));
      else if (step % 10 === 5) await writeByTool(`tool-${step % 40}.txt`, `${random()}\n`);
      else await act({ type: "command_execute", arguments: { command: `./meddle ${step}` } }, () => void meddle(root, random));
      between(step);
    }
  }

  const scriptOf = (step: number) =>
    `printf 'by script %s\\n' ${step} > script-${step}.txt; chmod +x script-${step}.txt; ln -s script-${step}.txt link-${step}; mkdir -p deep/${step}`;

  /** Sets one key and adds another, where the file still is one. */
  const configOf = (step: number) =>
    `mkdir -p config; sed -i 's/^key_${step % 7}: .*/key_${step % 7}: agent-${step}/' config/app.yaml; printf 'key_%s: %s\\n' ${step} new >> config/app.yaml; true`;

  async function writeByTool(name: string, content: string) {
    await act({ type: "file_write", arguments: { path: at(name), content } }, () => {
      rmSync(at(name), { recursive: true, force: true });
      writeFileSync(at(name), content);
    });
  }

  /** A new file, or a line in one that is there. @returns its path */
  function editAsPerson(line: string, random: () => number): string {
    const texts = Object.entries(everything()).flatMap(([path, what]) =>
      /^file .*\.txt$/.test(`${what.slice(0, 5)}${path}`) && !path.startsWith(".git") ? [path] : [],
    );
    if (random() < 0.1) {
      appendFileSync(at("config/app.yaml"), `person_${Math.floor(random() * 1e6)}: ${line}\n`);
      return "config/app.yaml";
    }
    const path = random() < 0.5 ? undefined : texts[Math.floor(random() * texts.length)];
    if (path === undefined) {
      const name = `person/note-${Math.floor(random() * 1e6)}.txt`;
      mkdirSync(at("person"), { recursive: true });
      writeFileSync(at(name), line);
      return name;
    }
    const lines = readFileSync(at(path), "utf8").split("\n");
    lines.splice(Math.floor(random() * lines.length), 0, line);
    chmodSync(at(path), 0o644);
    writeFileSync(at(path), lines.join("\n"));
    return path;
  }

  it("leaves git alone when a person committed since, and says so", async () => {
    await shell("echo agent > agent.txt; git add agent.txt; git -c user.name=a -c user.email=a@example.com commit -qm agent");
    writeFileSync(at("mine.txt"), "mine");
    git("add", "mine.txt");
    git("commit", "-qm", "Mine");
    const head = git("rev-parse", "HEAD");
    await finish();
    const undo = await test.person.undo({ run: run.id });
    expect(git("rev-parse", "HEAD")).toBe(head);
    expect(undo.conflicts.map(({ path }) => path)).toEqual([".git"]);
    expect([existsSync(at("agent.txt")), existsSync(at("mine.txt"))]).toEqual([false, true]);
  });

  it("is refused while the run goes on, and is offered, shown and on record once it is held", async () => {
    const id = await shell("echo x >> run.sh");
    await expect(test.person.undo({ run: run.id })).rejects.toMatchObject({ code: "conflict", reason: "run_running" });
    await test.person.intervene({ kind: "pause", scope: { kind: "run", id: run.id } });
    const changes = await test.person.changesOf(run.id);
    expect(changes.changes).toMatchObject([{ path: "run.sh", kind: "changed", actionIds: [id] }]);
    expect(changes.changes[0]?.diff).toContain("+x\n");
    const preview = await test.person.previewUndo({ action: id });
    expect(preview.changes[0]?.diff).toContain("-x\n");
    appendFileSync(at("run.sh"), "person\n");
    await expect(test.person.undo({ action: id, digest: preview.digest })).rejects.toMatchObject({ reason: "preview_outdated" });
    const undo = await test.person.undo({ action: id });
    expect(undo).toMatchObject({ status: "done", conflicts: [{ path: "run.sh" }] });
    const { items } = await test.person.listAudit({ run: run.id, type: "undo.ended" });
    expect(items[0]?.body).toMatchObject({ undo: undo.id, status: "done" });
    expect((await test.person.listUndos({ run: run.id })).items).toEqual([undo]);
  });

  it("is taken back by a redo", async () => {
    await shell("rm -r part-1; echo new > new.txt");
    const after = everything();
    await finish();
    const undo = await test.person.undo({ run: run.id });
    expect(existsSync(at("part-1"))).toBe(true);
    const redo = await test.person.undo({ undo: undo.id });
    expect(redo).toMatchObject({ kind: "redo", status: "done", conflicts: [] });
    expect(everything()).toEqual(after);
  });

  it("knows what a stopped run did whose action never ended", async () => {
    const { action } = await agent.propose(run.id, { type: "command_execute", arguments: { command: "rm run.sh" } });
    rmSync(at("run.sh"));
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    const undo = await test.person.undo({ run: run.id });
    expect([undo.restored, existsSync(at("run.sh"))]).toEqual([["run.sh"], true]);
    expect((await test.person.changesOf(run.id)).changes[0]?.actionIds).toEqual([action.id]);
  });

  it("keeps no snapshot of what only reads", async () => {
    const { action } = await agent.propose(run.id, { type: "command_execute", arguments: { command: "ls -la" } });
    expect(action.decision?.obligations).not.toContainEqual({ kind: "snapshot" });
  });

  it("is for people: an agent's token cannot undo", async () => {
    const { secret } = await test.person.issueAgentToken("coder");
    const { status } = await fetch(`${test.server.url}/v1/undos`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ run: run.id }),
    });
    expect(status).toBe(403);
  });
});

describe("a server that ended in the middle of an undo", () => {
  it("is followed by one that finishes it, on record", async () => {
    const first = await startTestServer({ policy });
    const coder = await first.agent("coder", "autonomous");
    const { id } = await coder.openRun({ task: "work", workingDirectory: root });
    const { action } = await coder.propose(id, { type: "command_execute", arguments: { command: "./change" } });
    for (const name of ["run.sh", "part-1/file-0.txt"]) writeFileSync(at(name), "agent\n");
    await coder.reportOutcome(action.id, { status: "succeeded" });
    await coder.finishRun(id, "succeeded");
    await first.server.close();
    const undoId = await beginAndVanish(first.folder, id);
    expect(readFileSync(at("run.sh"), "utf8")).toBe("agent\n");

    const second = await startTestServer({ dataFolder: first.folder });
    const undo = await second.person.getUndo(undoId);
    expect(undo).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(undo.restored.toSorted()).toEqual(["part-1/file-0.txt", "run.sh"]);
    expect(readFileSync(at("run.sh"), "utf8")).toContain("#!/bin/sh");
    expect((await second.person.listAudit({ run: id, type: "undo.ended" })).items).toHaveLength(1);
    await second.close();
  });

  /** What a server leaves behind that is killed right after it wrote an undo's plan down. */
  async function beginAndVanish(folder: string, runId: string): Promise<string> {
    const undo: Undo = {
      id: "uaaaaaaaaa",
      runId,
      kind: "undo",
      of: { run: runId },
      by: { kind: "person", id: "owner" },
      at: Date.now(),
      status: "running",
      restored: [],
      conflicts: [],
      unverified: [],
    };
    const store = new Store(await openSqlite(join(folder, "pullcord.db")));
    await store.transact((tx) => insertUndo(tx, undo));
    await store.close();
    const keeper = new SnapshotKeeper({
      folder: join(folder, "snapshots"),
      ownFolder: folder,
      quotaBytes: 2 ** 30,
      bounds: { mostEntries: 100_000, longestMs: 60_000 },
    });
    keeper.begin(undo.id, await keeper.plan({ runId }));
    await keeper.close();
    return undo.id;
  }
});

describe("an action whose snapshot cannot be kept", () => {
  it("is not run when nobody approved it, and says why", async () => {
    // Where contents would be put stands a file.
    const broken = await startTestServer({ policy });
    rmSync(join(broken.folder, "snapshots/blobs"), { recursive: true });
    writeFileSync(join(broken.folder, "snapshots/blobs"), "in the way");
    const coder = await broken.agent("coder", "autonomous");
    const { id } = await coder.openRun({ task: "work", workingDirectory: root });
    const answer = await coder.propose(id, { type: "command_execute", arguments: { command: "./change" } });
    expect([answer.next, answer.action.state.status]).toEqual(["deny", "skipped"]);
    expect(answer.guidance).toContain("could not keep the snapshot");
    await broken.close();
  });
});
