import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import type { ProposedAction, Run, Undo } from "@pullcord/sdk/protocol";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { openSqlite } from "../../server/src/store/sqlite.js";
import { Store } from "../../server/src/store/store.js";
import { insertUndo } from "../../server/src/store/undos.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";
import { openRepository, type Repository } from "./undo/repository.js";

const policy = "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [command_execute, file_write, file_delete] } }\n";

let test: TestServer;
let agent: AgentClient;
beforeAll(async () => {
  test = await startTestServer({ policy });
  agent = await test.agent("coder", "autonomous");
});
afterAll(() => test.close());

let repository: Repository;
let run: Run;
beforeEach(async () => {
  repository = openRepository();
  run = await agent.openRun({ task: "work", workingDirectory: repository.root });
});
afterEach(() => repository.remove());

const at = (path: string) => join(repository.root, path);
const git = (...words: string[]) => repository.git(...words);

async function act(proposed: ProposedAction, work: () => void): Promise<string> {
  const { action, next } = await agent.propose(run.id, proposed);
  expect(next).toBe("run");
  expect(action.decision?.obligations).toContainEqual({ kind: "snapshot" });
  work();
  await agent.reportOutcome(action.id, { status: "succeeded" });
  return action.id;
}
const shell = (command: string) =>
  act({ type: "command_execute", arguments: { command } }, () =>
    execFileSync("sh", ["-c", command], { cwd: repository.root, stdio: "ignore" }),
  );
const finish = () => agent.finishRun(run.id, "succeeded");

describe("undo of a run on a real repository", () => {
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
    const after = repository.everything();
    await finish();
    const undo = await test.person.undo({ run: run.id });
    expect(existsSync(at("part-1"))).toBe(true);
    const redo = await test.person.undo({ undo: undo.id });
    expect(redo).toMatchObject({ kind: "redo", status: "done", conflicts: [] });
    expect(repository.everything()).toEqual(after);
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
    const { id } = await coder.openRun({ task: "work", workingDirectory: repository.root });
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
    const { id } = await coder.openRun({ task: "work", workingDirectory: repository.root });
    const answer = await coder.propose(id, { type: "command_execute", arguments: { command: "./change" } });
    expect([answer.next, answer.action.state.status]).toEqual(["deny", "skipped"]);
    expect(answer.guidance).toContain("could not keep the snapshot");
    await broken.close();
  });
});
