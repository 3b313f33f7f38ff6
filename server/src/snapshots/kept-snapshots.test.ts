import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defaultSnapshots } from "../domain/policy/defaults.js";
import type { SnapshotRules } from "../domain/policy/policy.js";
import { readAction } from "../domain/risk/read-action.js";
import { prepareReading } from "../domain/risk/sql.js";
import { localSurroundings } from "../surroundings/local.js";
import { KeptSnapshots } from "./kept-snapshots.js";

const dayMs = 24 * 3_600_000;
const fileBytes = 10_000;

let top: string;
let now: number;
let rules: SnapshotRules;
let snapshots: KeptSnapshots;
beforeEach(async () => {
  await prepareReading();
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-local-")));
  for (const folder of ["work", "data", "home"]) mkdirSync(join(top, folder));
  for (const name of ["one", "two"]) writeFileSync(at(name), randomBytes(fileBytes));
  now = Date.now();
  rules = { ...defaultSnapshots, leaveOut: [], keepAlso: [], quotaBytes: 2 ** 20 };
  snapshots = new KeptSnapshots({
    mode: "same-user",
    dataFolder: join(top, "data"),
    policy: () => ({ snapshots: rules }),
    read: readAction,
    surroundings: (workspace) => localSurroundings({ workspace, home: join(top, "home"), gate: { paths: [], hosts: [], pids: [] } }),
    now: () => now,
    onFailure: (error) => expect.fail(String(error)),
  });
});
afterEach(async () => {
  await snapshots.close();
  rmSync(top, { recursive: true, force: true });
});

const at = (name: string) => join(top, "work", name);
const action = (name: string) => ({
  id: `a-${name}`,
  runId: "r1",
  proposed: { type: "file_write", arguments: { path: at(name), content: "agent" } } as const,
  workingDirectory: join(top, "work"),
});
async function overwrite(name: string) {
  await snapshots.before(action(name));
  writeFileSync(at(name), "agent");
  await snapshots.after(action(name), { status: "succeeded", at: now, outcome: { status: "succeeded" } });
}
const paths = async () => (await snapshots.changesOf("r1")).map(({ path }) => path);

it("keeps no more than the policy in force has space for, and says so", async () => {
  rules = { ...rules, quotaBytes: fileBytes / 2 };
  await expect(snapshots.before(action("one"))).rejects.toMatchObject({ code: "unavailable", reason: "snapshot_quota" });
  rules = { ...rules, quotaBytes: 2 * fileBytes };
  await overwrite("one");
  expect(await paths()).toEqual(["one"]);
});

it("lets older ones go when the space is used up, but none of the last day", async () => {
  rules = { ...rules, quotaBytes: fileBytes + 1_000 };
  await overwrite("one");
  await expect(snapshots.before(action("two"))).rejects.toMatchObject({ reason: "snapshot_quota" });
  expect(await paths()).toEqual(["one"]);
  now += 2 * dayMs;
  await overwrite("two");
  expect(await paths()).toEqual(["two"]);
});

it("names what it can't keep before the first action of a run, and keeps it where the policy wants that", async () => {
  writeFileSync(at("large"), randomBytes(2 ** 20 + 1));
  rules = { ...rules, quotaBytes: 2 ** 30, largestFileBytes: 2 ** 20 };
  const command = (runId: string) => ({
    ...action("one"),
    id: `a-${runId}`,
    runId,
    proposed: { type: "command_execute", arguments: { command: "make" } } as const,
  });
  expect(await snapshots.before(command("r1"))).toEqual([expect.stringMatching(/larger than 1 MiB.* large\.$/)]);
  expect(await snapshots.before(command("r1"))).toEqual([]);
  rules = { ...rules, largestFileBytes: 2 ** 21 };
  expect(await snapshots.before(command("r2"))).toEqual([]);
  rules = { ...rules, leaveOut: ["large"] };
  expect(snapshots.limitsOf("r2", join(top, "work")).join(" ")).not.toContain(" large");
});

it("names a file that an action writes to and that has a name elsewhere, before it runs and when it is taken back", async () => {
  rules = { ...rules, quotaBytes: 2 ** 30 };
  linkSync(at("one"), join(top, "elsewhere"));
  linkSync(at("two"), at("also-two"));
  const everything = { ...action("all"), proposed: { type: "command_execute", arguments: { command: "make" } } as const };
  expect(await snapshots.before(everything)).toEqual([]);
  expect(await snapshots.before(action("two"))).toEqual([]);
  expect(await snapshots.before(action("one"))).toEqual([expect.stringMatching(/other names elsewhere .*: one\.$/)]);
  writeFileSync(at("one"), "agent");
  await snapshots.after(action("one"), { status: "succeeded", at: now, outcome: { status: "succeeded" } });
  const { conflicts } = await snapshots.plan("r1", { run: "r1" });
  expect(conflicts).toEqual([{ of: "file", path: "one", sentence: expect.stringContaining("another name elsewhere") }]);
});

it("lets go of what was kept as long as the policy in force wants", async () => {
  await overwrite("one");
  now += 3 * dayMs;
  snapshots.letGo();
  expect(await paths()).toEqual(["one"]);
  rules = { ...rules, keepMs: 2 * dayMs };
  snapshots.letGo();
  expect(await paths()).toEqual([]);
  expect(readFileSync(at("one"), "utf8")).toBe("agent");
});

it("takes back a setting that a program wrote without naming its file, and leaves a person's", async () => {
  const set = (key: string, value: string) =>
    execFileSync("git", ["config", "--global", key, value], {
      env: { ...process.env, HOME: join(top, "home"), GIT_CONFIG_GLOBAL: undefined },
    });
  set("user.name", "ada");
  const command = "git config --global user.name agent";
  const run = { ...action("one"), id: "a1", proposed: { type: "command_execute", arguments: { command } } as const };
  await snapshots.before(run);
  set("user.name", "agent");
  await snapshots.after(run, { status: "succeeded", at: now, outcome: { status: "succeeded" } });
  set("user.email", "ada@example.com");
  const planned = await snapshots.plan("r1", { run: "r1" });
  planned.begin("u1");
  expect((await snapshots.carryOut("u1")).conflicts).toEqual([]);
  expect(readFileSync(join(top, "home/.gitconfig"), "utf8")).toBe("[user]\n\tname = ada\n\temail = ada@example.com\n");
});
