import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { AgentClient } from "@pullcord/sdk/client";
import { problemCodes, type ProposedAction } from "@pullcord/sdk/protocol";
import { startServer } from "pullcord";
import { canMount, mountSmallDisk, type SmallDisk } from "./faults/small-disk.js";
import { startTestServer, type TestServer } from "./server-for-tests.js";

const reading: ProposedAction = { type: "command_execute", arguments: { command: "ls" } };
const cli = fileURLToPath(new URL("../../server/bin/pullcord.js", import.meta.url));
const cliMs = 30_000;
const pageBytes = 4_096;
const lookEveryMs = 50;
const quiet = { onFailure: () => {} };

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "pullcord-faults-"));
  ends.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function testServer(dataFolder: string): Promise<TestServer> {
  const test = await startTestServer({ dataFolder, ...quiet });
  ends.push(() => test.server.close());
  return test;
}

/** `pullcord start` on a folder: how it ends, and what it says. */
function startByCli(dataFolder: string): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "start", "--data", dataFolder, "--port", "0", "--no-open"], {
    timeout: cliMs,
    encoding: "utf8",
    env: { ...process.env, XDG_CONFIG_HOME: join(dataFolder, "config") },
  });
  return { status, said: stdout + stderr };
}

/** Ids of what was allowed, and reasons of what was refused; nothing else may come of a proposal. */
async function proposeMany(agent: AgentClient, runId: string, times: number): Promise<{ allowed: string[]; refused: string[] }> {
  const allowed: string[] = [];
  const refused: string[] = [];
  for (let n = 0; n < times; n += 1) {
    await agent.propose(runId, reading).then(
      (answer) => (answer.next === "run" ? allowed.push(answer.action.id) : refused.push(answer.next)),
      (error: { code: string; reason: string }) => refused.push(`${error.code} ${error.reason}`),
    );
  }
  return { allowed, refused };
}

describe("a data folder that cannot be used", () => {
  it.skipIf(!canMount)("is refused when its disk is read-only, by the server and by the command (needs root to mount a disk)", async () => {
    const disk = small("1m");
    disk.makeReadOnly();
    await expect(startServer({ dataFolder: disk.path, port: 0 })).rejects.toMatchObject({ code: "unavailable", reason: "data_folder" });
    const { status, said } = startByCli(disk.path);
    expect({ status, said }).toMatchObject({ status: problemCodes.unavailable.exit, said: expect.stringContaining("EROFS") });
  });

  it.skipIf(!canMount)("is refused when its disk is full from the start (needs root to mount a disk)", async () => {
    const disk = small("256k");
    expect(disk.fill()).toBe("ENOSPC");
    const { status, said } = startByCli(disk.path);
    expect({ status, said }).toMatchObject({ status: problemCodes.unavailable.exit, said: expect.stringContaining(disk.path) });
  });
});

describe("a damaged database", () => {
  it("is refused, named and left as it is, by the server and by the command", async () => {
    const dataFolder = folder();
    const file = join(dataFolder, "pullcord.db");
    await (await startServer({ dataFolder, port: 0, ...quiet })).close();
    const damage = openSync(file, "r+");
    const { length } = readFileSync(file);
    expect(length).toBeGreaterThan(pageBytes * 2);
    writeSync(damage, Buffer.alloc(length - pageBytes, 0xa5), 0, length - pageBytes, pageBytes);
    const damaged = readFileSync(file);
    await expect(startServer({ dataFolder, port: 0, ...quiet })).rejects.toMatchObject({ code: "unavailable", reason: "database_damaged" });
    const { status, said } = startByCli(dataFolder);
    expect({ status, said }).toMatchObject({ status: problemCodes.unavailable.exit, said: expect.stringContaining(file) });
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });
});

describe("a database that another program holds", () => {
  it("lets nothing run without a record, and goes on when it is free again", async () => {
    const test = await testServer(folder());
    const agent = await test.agent("coder");
    const run = await agent.openRun({ task: "locked", workingDirectory: test.folder });
    const holder = await holdDatabase(join(test.folder, "pullcord.db"));
    const { allowed, refused } = await proposeMany(agent, run.id, 3);
    expect({ allowed, refused }).toEqual({ allowed: [], refused: Array.from({ length: 3 }, () => "unavailable not_recorded") });
    await holder.release();
    expect(await agent.propose(run.id, reading)).toMatchObject({ next: "run" });
    expect(await test.person.verifyAudit()).toMatchObject({ ok: true });
  });
});

describe("a disk that fills up while the server runs", () => {
  it.skipIf(!canMount)(
    "lets nothing run without a record, still heeds the kill file, and recovers (needs root to mount a disk)",
    async () => {
      const disk = small("8m");
      const test = await testServer(disk.path);
      const agent = await test.agent("coder");
      const run = await agent.openRun({ task: "fill", workingDirectory: test.folder });
      expect(disk.fill()).toBe("ENOSPC");
      const { allowed, refused } = await proposeMany(agent, run.id, 400);
      expect(refused.length).toBeGreaterThan(0);
      expect(new Set(refused)).toEqual(new Set(["unavailable not_recorded"]));
      writeFileSync(test.server.killFile, "");
      expect((await proposeMany(agent, run.id, 5)).allowed).toEqual([]);
      disk.empty();
      rmSync(test.server.killFile);
      const other = await agent.openRun({ task: "after", workingDirectory: test.folder });
      expect(await agent.propose(other.id, reading)).toMatchObject({ next: "run" });
      expect(await test.person.verifyAudit()).toMatchObject({ ok: true });
      for (const id of allowed) expect((await agent.getAction(id)).state.status).toBe("allowed");
    },
  );
});

describe("a stop while the database cannot write", () => {
  it.skipIf(!canMount)(
    "holds at once, ends the processes, tells the streams, says that it is not on record, and is recorded later (needs root to mount a disk)",
    async () => {
      const disk = small("8m");
      const failures: unknown[] = [];
      const test = await startTestServer({ dataFolder: disk.path, onFailure: (error) => failures.push(error) });
      ends.push(() => test.server.close());
      const agent = await test.agent("coder");
      const marker = { name: "CODEX_SESSION_ID", value: `full-${process.pid}` };
      const run = await agent.openRun({ task: "fill", workingDirectory: "/tmp", externalId: marker.value, process: { marker } });
      const allowed = await agent.propose(run.id, reading);
      const child = spawn("sleep", ["600"], { env: { ...process.env, [marker.name]: marker.value }, stdio: "ignore" });
      const childEnded = once(child, "exit");
      const heard = hears(agent, run.id);
      expect(disk.fill()).toBe("ENOSPC");
      const { refused } = await proposeMany(agent, run.id, 400);
      expect(new Set(refused)).toEqual(new Set(["unavailable not_recorded"]));

      const stop = await test.person.intervene({ kind: "stop", scope: { kind: "everything" } });
      expect(stop).toMatchObject({ unrecorded: true, runIds: [run.id] });
      expect(await heard).toEqual({ kind: "stopped", runId: run.id, interventionId: stop.id });
      await childEnded;
      expect(await agent.awaitAnswer(allowed.action.id, 0)).toMatchObject({ next: "deny", stop: true });
      expect(await test.person.getRun(run.id)).toMatchObject({ state: { status: "stopped", interventionId: stop.id } });
      const receipt = await until(async () => {
        const now = await test.person.stopReceipt(stop.id);
        return now.standing === "stopping" ? null : now;
      });
      // Strangers' orphans on this machine may be unknown to it, so the standing is not asked for.
      expect(receipt).toMatchObject({ intervention: { unrecorded: true }, runs: [{ processes: { ended: 1, survivors: [] } }] });
      expect(failures.map(String)).toContainEqual(expect.stringContaining("NOT ON RECORD"));

      disk.empty();
      const recorded = await until(async () => {
        const found = await test.person.getIntervention(stop.id);
        return found.unrecorded ? null : found;
      });
      expect(recorded).toMatchObject({ id: stop.id, at: stop.at, effects: receipt.intervention.effects });
      const { items } = await test.person.listAudit({ type: "intervention.made" });
      expect(items[0]).toMatchObject({ actor: { kind: "person" }, body: { id: stop.id, heldSince: stop.at } });
      expect(await agent.propose(run.id, reading)).toMatchObject({ next: "deny", stop: true });
      expect(await test.person.verifyAudit()).toMatchObject({ ok: true });
    },
  );

  it("holds also while another program holds the database", async () => {
    const test = await testServer(folder());
    const agent = await test.agent("coder");
    const run = await agent.openRun({ task: "locked", workingDirectory: test.folder });
    const holder = await holdDatabase(join(test.folder, "pullcord.db"));
    expect((await proposeMany(agent, run.id, 1)).refused).toEqual(["unavailable not_recorded"]);
    const stop = await test.person.intervene({ kind: "stop", scope: { kind: "run", id: run.id } });
    expect(stop).toMatchObject({ unrecorded: true });
    await holder.release();
    await until(async () => ((await test.person.getIntervention(stop.id)).unrecorded ? null : true));
    expect(await test.person.getRun(run.id)).toMatchObject({ state: { status: "stopped" } });
  });
});

/** The first stop that the run's live stream tells of, once it stands. */
async function hears(agent: AgentClient, run: string): Promise<unknown> {
  for await (const item of agent.events({ run })) if (item.kind === "stopped") return item;
  return null;
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function small(size: string): SmallDisk {
  const disk = mountSmallDisk(size);
  ends.push(() => disk.unmount());
  return disk;
}

/** Another process begins a write and does not finish it. */
async function holdDatabase(file: string): Promise<{ release: () => Promise<void> }> {
  const program = `
    import SqliteDatabase from "better-sqlite3";
    const database = new SqliteDatabase(${JSON.stringify(file)});
    database.exec("begin immediate");
    process.stdout.write("held");
    process.stdin.resume().once("end", () => process.exit(0));`;
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["pipe", "pipe", "inherit"],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
  });
  const release = async () => {
    if (child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.stdin?.end();
    await gone;
  };
  ends.push(release);
  const [said] = (await once(child.stdout!, "data")) as [Buffer];
  expect(said.toString()).toBe("held");
  return { release };
}
