import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import type { AgentClient } from "@pullcord/sdk/client";
import { bounds } from "@pullcord/sdk/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { identify } from "../../server/src/processes/identity.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

/** A hostile agent that lies about its processes, turns a stop against a stranger, or keeps the server from hearing it. */

let test: TestServer;
let agent: AgentClient;
const children: ChildProcess[] = [];
beforeAll(async () => {
  test = await startTestServer();
  agent = await test.agent("mallory");
});
afterEach(() => children.splice(0).forEach((child) => child.kill("SIGKILL")));
afterAll(() => test.close());

const waitMs = 120_000;
const stop = (id: string) => test.person.intervene({ kind: "stop", scope: { kind: "run", id } });
const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;
const receiptOf = async (id: string) => (await test.person.stopReceipt(id)).runs[0]?.processes;
const reported = (id: string) =>
  vi.waitFor(async () => {
    const processes = await receiptOf(id);
    expect(processes?.at).toBeDefined();
    return processes;
  }, waitMs);

function sleeper(environment: Record<string, string> = {}): ChildProcess {
  const child = spawn("sleep", ["300"], { stdio: "ignore", detached: true, env: { ...process.env, ...environment } });
  children.push(child);
  return child;
}

describe("a stop", () => {
  it("ends what a supervisor says is gone and is not", async () => {
    const run = await agent.openRun({ task: "lie", process: { supervised: true } });
    const child = sleeper({ PULLCORD_RUN_ID: run.id });
    const { id } = await stop(run.id);
    await agent.reportEffect(id, { runId: run.id, step: "ended", processesEnded: 1, survivors: [] });
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), waitMs);
    await vi.waitFor(async () => expect((await receiptOf(id))?.saidBy).toBeUndefined(), waitMs);
    expect(await receiptOf(id)).toMatchObject({ status: "ended", ended: 1 });
  });

  it.each(["everything", "agent", "run"] as const)("of %s ends what a run left that says it has finished", async (kind) => {
    const run = await agent.openRun({ task: "slip away" });
    const child = sleeper({ PULLCORD_RUN_ID: run.id });
    await agent.reportProcess(run.id, { marker: { name: "PULLCORD_RUN_ID", value: run.id } });
    await agent.finishRun(run.id, "succeeded");
    expect(isAlive(child)).toBe(true);
    const scope = kind === "everything" ? { kind } : { kind, id: kind === "agent" ? "mallory" : run.id };
    const { id } = await test.person.intervene({ kind: "stop", scope });
    await vi.waitFor(() => expect(isAlive(child)).toBe(false), waitMs);
    await vi.waitFor(async () => {
      const receipt = await test.person.stopReceipt(id);
      expect(receipt.runs.find((each) => each.runId === run.id)?.processes).toMatchObject({ ended: 1 });
    }, waitMs);
    expect((await test.person.getRun(run.id)).state.status).toBe("finished");
    await expect(stop(run.id)).rejects.toMatchObject({ reason: "run_finished" });
  });

  it.each([
    ["a mark that none of its processes carries", { marker: { name: "PULLCORD_RUN_ID", value: "ID" } }],
    ["a supervisor that never reports", { supervised: true }],
    ["a supervisor that never was", { supervised: true, supervisor: "made up" }],
  ] as const)("is not called proven on the word of a run that named %s", async (_, said) => {
    const run = await agent.openRun({ task: "hide" });
    sleeper();
    const { machine } = identify(process.pid)!;
    const madeUp = { pid: 4_000_000, startedAt: "1", machine };
    const named = "supervisor" in said ? { ...said, supervisor: madeUp } : said;
    await agent.reportProcess(run.id, "marker" in named ? { marker: { ...named.marker, value: run.id } } : named);
    const { id } = await stop(run.id);
    expect(await reported(id)).toMatchObject({ status: "unproven", ended: 0 });
  });

  const freezer = "/sys/fs/cgroup/freezer";
  it.skipIf(!existsSync(freezer) || process.getuid?.() !== 0)("follows no link to the control group of somebody else", async () => {
    const group = join(freezer, `bystanders-${process.pid}`);
    mkdirSync(group);
    const bystander = sleeper();
    writeFileSync(join(group, "cgroup.procs"), String(bystander.pid));
    try {
      const run = await agent.openRun({ task: "strike" });
      const folder = join(test.folder, `pullcord-${run.id}`);
      symlinkSync(group, folder);
      await agent.reportProcess(run.id, { supervised: true, place: { kind: "freezer", folder } });
      const { id } = await stop(run.id);
      await reported(id);
      expect(isAlive(bystander)).toBe(true);
    } finally {
      bystander.kill("SIGKILL");
      await vi.waitFor(() => rmdirSync(group), waitMs);
    }
  });
});

it("does not come out of a pause by finishing and opening its session again", async () => {
  const session = { task: "slip away", externalId: "slippery", workingDirectory: test.folder };
  const run = await agent.openRun(session);
  const scope = { kind: "run", id: run.id } as const;
  await test.person.intervene({ kind: "pause", scope });
  await agent.finishRun(run.id, "succeeded");
  expect(await agent.openRun(session)).toMatchObject({ id: run.id, state: { status: "paused" } });
  expect((await agent.propose(run.id, { type: "command_execute", arguments: { command: "ls" } })).next).toBe("wait");
  await test.person.intervene({ kind: "resume", scope });
  expect((await agent.getRun(run.id)).state.status).toBe("running");
});

describe("a body", () => {
  it("of unknown length is read no further than its limit, by nobody unknown either", async () => {
    const chunk = Buffer.alloc(1_000_000, 0x20);
    const most = 100;
    let sent = 0;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const post = request(`${test.server.url}/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" } });
      post.once("response", (response) => resolve(response.statusCode));
      post.once("error", (error) => (sent * chunk.length > bounds.bodyBytes ? resolve(413) : reject(error)));
      const goOn = () => {
        if (post.destroyed || sent >= most) return void post.end();
        sent += 1;
        if (post.write(chunk)) setImmediate(goOn);
        else post.once("drain", goOn);
      };
      goOn();
    });
    expect(status).toBe(413);
    // What the sockets hold on the way is sent, too.
    expect(sent).toBeLessThan(most / 2);
  });
});
