import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SnapshotKeeper } from "@pullcord/sdk/undo";
import { afterEach, beforeEach, expect, it } from "vitest";
import { defaultSnapshots } from "../domain/policy/defaults.js";
import { isKept } from "./is-kept.js";
import { keepRules } from "./keep-rules.js";
import { mountsBelow } from "./mounts.js";

let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-mounts-")));
  mkdirSync(join(top, "work/inner"), { recursive: true });
  for (const path of ["work/file", "work/inner/file"]) writeFileSync(join(top, path), "mine");
});
afterEach(() => rmSync(top, { recursive: true }));

it("are read from the system's list, whatever they are called", () => {
  const line = (point: string) => `36 35 98:0 / ${point} rw,noatime master:1 - fuse.sshfs host:/ rw`;
  const list = ["/", "/work", "/work/a", String.raw`/work/with\040space`, "/work/a", "/workshop", "/other"].map(line).join("\n");
  expect(mountsBelow("/work", list)).toEqual(["/work/a", "/work/with space"]);
  expect(mountsBelow("/", list)).toEqual([]);
  expect(mountsBelow("/work", "")).toEqual([]);
});

it("are not of the workspace: what is in them is no change of a run, and an undo empties nobody's disk", async () => {
  let mounts: string[] = [];
  const work = join(top, "work");
  const snapshots = { ...defaultSnapshots, leaveOut: [], keepAlso: [] };
  const rulesOf = (root: string) => keepRules(snapshots, { workspace: root, home: top }, mounts);
  const bounds = { mostEntries: 1_000, longestMs: 60_000 };
  const keeper = new SnapshotKeeper({ folder: join(top, "data"), ownFolder: join(top, "data"), quotaBytes: 2 ** 30, bounds, rulesOf });
  const workspace = keeper.files.workspace(work);
  const key = { runId: "r", actionId: "a1" };
  keeper.began(key);
  await workspace.began(key, null);
  // The command mounts another disk over a folder that was there, and one in a new folder.
  mounts = [join(work, "inner"), join(work, "mounted")];
  writeFileSync(join(work, "file"), "agent");
  rmSync(join(work, "inner/file"));
  mkdirSync(join(work, "mounted"));
  for (const path of ["inner/precious", "mounted/precious"]) writeFileSync(join(work, path), "somebody's disk");
  await keeper.ended(key);
  expect(isKept(join(work, "mounted/precious"), rulesOf(work))).toBe(false);
  expect((await keeper.changesOf("r")).map(({ path }) => path)).toEqual(["file"]);
  keeper.begin("u1", await keeper.plan({ runId: "r" }));
  const { conflicts, failure } = await keeper.carryOut("u1");
  expect([conflicts, failure, readFileSync(join(work, "file"), "utf8")]).toEqual([[], undefined, "mine"]);
  expect(["inner", "mounted"].map((path) => readdirSync(join(work, path)))).toEqual([["precious"], ["precious"]]);
  await keeper.close();
});
