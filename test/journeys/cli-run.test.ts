import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PersonClient } from "@pullcord/sdk/client";
import type { DrillReport } from "@pullcord/sdk/protocol";
import { findMembers } from "../../server/src/processes/end-run.js";
import { pullcord as inFolder, startPullcord, startSignedIn } from "./cli/command.js";
import type { TestServer } from "./server-for-tests.js";

describe("pullcord run", () => {
  let test: TestServer;
  beforeAll(async () => {
    test = await startSignedIn();
    await test.person.setTrust("tester", "autonomous");
    await test.person.setAutonomy({ scope: { kind: "agent", id: "tester" }, level: "full" });
  });
  afterAll(() => test.close());
  const startAs = async (agent: string, ...command: string[]) => {
    const { secret } = await test.person.issueAgentToken(agent);
    return startPullcord(test.folder, ["run", "--", ...command], { PULLCORD_TOKEN: secret });
  };
  const start = (...command: string[]) => startAs("tester", ...command);
  const newestRun = async () => (await test.person.listRuns({ limit: 1 })).items[0];
  const processes = (id: string) => findMembers({ marker: { name: "PULLCORD_RUN_ID", value: id } });

  async function until<T>(read: () => Promise<T | undefined | false> | T | undefined | false, what: string): Promise<T> {
    const giveUpAt = Date.now() + 90_000;
    for (;;) {
      const value = await read();
      if (value) return value;
      if (Date.now() > giveUpAt) throw new Error(`never: ${what}`);
      await sleep(50);
    }
  }

  it("shows and keeps the output and passes the exit status on", async () => {
    const started = await start("sh", "-c", "echo out; echo err >&2; exit 3");
    expect(await started.ended).toBe(3);
    expect(started.output()).toMatch(/out[\s\S]*err|err[\s\S]*out/);
    const run = await newestRun();
    expect(run).toMatchObject({ agent: "tester", state: { status: "finished", result: "failed" } });
    const { items } = await test.person.readLog(run?.id ?? "");
    expect(items.map(({ stream, text }) => `${stream} ${text}`).toSorted()).toEqual(["stderr err", "stdout out"]);
  });

  it("makes a token for the run alone, for a person who names the agent", async () => {
    const { status } = await inFolder(test.folder, ["run", "--agent", "tester", "--", "true"]);
    expect(status).toBe(0);
    const newest = (await test.person.listAgentTokens()).items.toSorted((a, b) => b.issuedAt - a.issuedAt)[0];
    expect(newest?.revokedAt).not.toBeNull();
  });

  it("shows what each process does, to people only", async () => {
    const started = await start("sh", "-c", "echo up; sleep 741 & wait");
    const run = await until(async () => (started.output().includes("up") ? newestRun() : undefined), "output");
    const shown = await until(async () => {
      const { items, unseen } = await test.person.runProcesses(run.id);
      return unseen === null && items.some(({ command }) => command === "sleep 741") ? items : undefined;
    }, "its processes");
    const shell = shown.find(({ command }) => command.startsWith("sh -c echo up"));
    expect(shown.find(({ command }) => command === "sleep 741")).toMatchObject({ parent: shell?.pid, state: "waiting" });
    expect((await inFolder(test.folder, ["show", run.id])).out).toMatch(/waiting +sleep 741/);
    const { secret } = await test.person.issueAgentToken("tester");
    const asAgent = new PersonClient({ url: test.server.url, token: secret });
    await expect(asAgent.runProcesses(run.id)).rejects.toMatchObject({ code: "forbidden" });
    await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    await started.ended;
    expect((await test.person.runProcesses(run.id)).items).toEqual([]);
  });

  it("gives 127 for a command that is not there", async () => {
    expect(await (await start("no-such-program-here")).ended).toBe(127);
  });

  it("gives 126 and the reason when a person denies it", async () => {
    const started = await startAs("newcomer", "git", "push", "origin", "main");
    const request = await until(async () => (await test.person.listApprovalRequests({ status: "pending" })).items[0], "a request");
    await test.person.resolve(request.id, { effect: "deny", digest: request.action.digest, reason: "not on a Friday" });
    expect(await started.ended).toBe(126);
    expect(started.output()).toContain("not on a Friday");
  });

  it("is stopped with all its processes, also those that left the group, and the receipt says so", async () => {
    const started = await start("sh", "-c", "trap '' TERM; setsid sleep 7101 & (setsid sleep 7101 &) ; while :; do sleep 7101; done");
    const run = await until(async () => {
      const newest = await newestRun();
      return newest?.state.status === "running" && processes(newest.id).length >= 4 && newest;
    }, "four processes");
    const { status, out } = await inFolder(test.folder, ["stop", run.id]);
    expect([status, out]).toEqual([0, expect.stringMatching(/Stopped 1 run in [\d.]+ m?s: \d+ processes ended, 0 survivors/)]);
    expect(processes(run.id)).toEqual([]);
    expect(await started.ended).toBe(137);
  });

  it("stands still while paused and goes on when resumed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pullcord-ticks-"));
    const ticking = (name: string) => ["sh", "-c", `while :; do echo . >> ${join(folder, name)}; sleep 0.02; done`] as const;
    const ticksOf = (name: string) => (existsSync(join(folder, name)) ? statSync(join(folder, name)).size : 0);
    const ticks = () => ticksOf("run");
    const started = await start(...ticking("run"));
    const run = await until(async () => (ticks() > 0 ? newestRun() : undefined), "a process");
    await inFolder(test.folder, ["pause", run.id]);
    const [paused] = (await test.person.listInterventions({ run: run.id })).items;
    await until(
      async () => (await test.person.getIntervention(paused?.id ?? "")).effects.some(({ step }) => step === "frozen"),
      "a freeze",
    );
    const before = ticks();
    // Whoever is not paused ticks on meanwhile.
    const [shell, ...args] = ticking("bystander");
    const bystander = spawn(shell, args, { stdio: "ignore" });
    await until(() => ticksOf("bystander") > 20, "a bystander's ticks");
    bystander.kill();
    expect(ticks()).toBe(before);
    await inFolder(test.folder, ["resume", run.id]);
    await until(() => ticks() > before, "a process that goes on");
    await inFolder(test.folder, ["stop", run.id]);
    await started.ended;
    expect(processes(run.id)).toEqual([]);
  });

  it("ends what the command leaves behind", async () => {
    const started = await start("sh", "-c", "setsid sleep 7103 & echo begun");
    expect(await started.ended).toBe(0);
    expect(started.output()).toContain("begun");
    expect(processes((await newestRun())?.id ?? "")).toEqual([]);
  });

  it.each(["marker", "namespace"])("is ended and closed as lost when its supervisor is killed, held by %s", async (kind) => {
    const { secret } = await test.person.issueAgentToken("tester");
    const words = ["run", "--containment", kind, "--", "sh", "-c", "setsid sleep 7104 & while :; do sleep 0.1; done"];
    const started = startPullcord(test.folder, words, { PULLCORD_TOKEN: secret });
    const run = await until(async () => {
      const newest = await newestRun();
      return newest?.state.status === "running" && processes(newest.id).length >= 2 && newest;
    }, "two processes");
    started.child.kill("SIGKILL");
    await started.ended;
    await until(() => processes(run.id).length === 0, "no process");
    const closed = await until(async () => {
      const newest = await test.person.getRun(run.id);
      return newest.state.status === "finished" && newest;
    }, "a run that is closed");
    expect(closed.state).toMatchObject({ result: "lost" });
    const { items } = await test.person.readLog(run.id);
    expect(items.map(({ text }) => text).join("\n")).toMatch(/whoever watched over this run died; \d+ process/);
  });

  it("shows in a drill that a stop stops, in a file and in the record", async () => {
    const { status, out } = await inFolder(test.folder, ["drill", "stop", "--times", "1", "--containment", "marker", "--json"]);
    const report = JSON.parse(out) as DrillReport & { readonly file: string; readonly seq: number };
    expect([status, report.isPassed]).toEqual([0, true]);
    expect(report.summaries).toMatchObject([{ containment: "marker", rounds: 7, unnamed: 0 }]);
    expect(JSON.parse(readFileSync(report.file, "utf8"))).toMatchObject({ isPassed: true });
    const { items } = await test.person.listAudit({ type: "drill.recorded" });
    expect(items.map(({ seq, body }) => [seq, body["isPassed"]])).toEqual([[report.seq, true]]);
  });

  it("asks at the first Ctrl+C and ends by force at the second", async () => {
    const started = await start("sh", "-c", "trap 'echo asked' TERM; echo begun; while :; do sleep 0.1; done");
    await until(() => started.output().includes("begun\n"), "the command's first word");
    const run = await until(newestRun, "a run");
    started.child.kill("SIGINT");
    await until(() => started.output().includes("asked\n"), "the command's own word");
    expect(processes(run.id).length).toBeGreaterThan(0);
    started.child.kill("SIGINT");
    expect(await started.ended).toBe(137);
    expect(processes(run.id)).toEqual([]);
  });

  it("takes the command along when it is ended itself", async () => {
    const started = await start("sh", "-c", "setsid sleep 7102 & while :; do sleep 0.1; done");
    const run = await until(async () => {
      const newest = await newestRun();
      return newest?.state.status === "running" && processes(newest.id).length >= 2 && newest;
    }, "two processes");
    started.child.kill("SIGTERM");
    await started.ended;
    expect(processes(run.id)).toEqual([]);
  });

  it("is ended by the kill file", async () => {
    const started = await start("sh", "-c", "while :; do sleep 0.1; done");
    const run = await until(async () => {
      const newest = await newestRun();
      return newest?.state.status === "running" && processes(newest.id).length > 0 && newest;
    }, "a process");
    writeFileSync(join(test.folder, "STOP"), "");
    await started.ended;
    expect(processes(run.id)).toEqual([]);
    rmSync(join(test.folder, "STOP"));
  });
});
