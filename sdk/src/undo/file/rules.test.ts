import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SnapshotKeeper } from "../index.js";
import { openWorkshop, photograph, type Workshop } from "../workshop.test.support.js";
import { usualRules, type KeepRules } from "./left-out.js";

let shop: Workshop;
let rules: KeepRules;
let keeper: SnapshotKeeper;
let actions: number;
beforeEach(() => {
  shop = openWorkshop();
  [rules, actions] = [usualRules, 0];
  keeper = open();
  for (const folder of ["built", "node_modules/inner"]) mkdirSync(at(folder), { recursive: true });
  for (const path of ["source", "built/one", "node_modules/inner/own", "large"])
    writeFileSync(at(path), "before, and longer than the rest");
});
afterEach(() => shop.remove());

const at = (path: string) => join(shop.root, path);
const open = () =>
  new SnapshotKeeper({
    folder: shop.data,
    ownFolder: shop.data,
    quotaBytes: 2 ** 30,
    bounds: { mostEntries: 1_000, longestMs: 60_000 },
    rulesOf: () => rules,
  });

/** Each run is one action that writes to every file; then it is undone. @returns paths that did not come back */
async function lostBy(): Promise<string[]> {
  const before = photograph(shop.root);
  const key = { runId: `r${(actions += 1)}`, actionId: `a${actions}` };
  await keeper.files.workspace(shop.root).began(key, null);
  for (const [path, what] of Object.entries(before)) if (what.startsWith("file")) writeFileSync(at(path), `agent ${actions}`);
  writeFileSync(at(`built/made-${actions}`), "agent");
  await keeper.ended(key);
  keeper.begin(`u${actions}`, await keeper.plan({ runId: key.runId }));
  expect(await keeper.carryOut(`u${actions}`)).toMatchObject({ conflicts: [], unverified: [] });
  const after = photograph(shop.root);
  return Object.keys({ ...before, ...after }).filter((path) => before[path] !== after[path]);
}

const leavingOut = (name: string): KeepRules => ({ ...usualRules, isLeftOut: (path) => path === at(name), version: `without ${name}` });
const keepingAll: KeepRules = { ...usualRules, isKeptToo: () => true, version: "all" };

it("leaves out what installs make again, unless the rules keep it too", async () => {
  expect(await lostBy()).toEqual(["node_modules/inner/own"]);
  rules = keepingAll;
  expect(await lostBy()).toEqual([]);
});

it("takes nothing for changed because other rules hold from now on, in this server or the next", async () => {
  await lostBy();
  for (const reopens of [false, true]) {
    for (const next of [leavingOut("built"), usualRules, keepingAll, leavingOut("source"), usualRules]) {
      rules = next;
      if (reopens) keeper = open();
      const key = { runId: "nothing", actionId: `${reopens} ${next.version}` };
      await keeper.files.workspace(shop.root).began(key, null);
      await keeper.ended(key);
      expect(await keeper.plan({ runId: "nothing" })).toEqual([]);
    }
  }
  rules = leavingOut("built");
  expect(await lostBy()).toEqual(expect.arrayContaining(["built/one", "node_modules/inner/own"]));
  rules = keepingAll;
  expect(await lostBy()).toEqual([]);
});

it("keeps a large file from when the rules allow for it, without taking it for changed", async () => {
  rules = { ...usualRules, largestFileBytes: 10, version: "small" };
  writeFileSync(at("source"), "short");
  await keeper.files.workspace(shop.root).look(null);
  expect(keeper.files.workspace(shop.root).standing("large")?.kind).toBe("unkept");
  rules = usualRules;
  keeper = open();
  expect(await lostBy()).toEqual(["node_modules/inner/own"]);
});

it("never leaves out git's own state", async () => {
  mkdirSync(at(".git"));
  writeFileSync(at(".git/HEAD"), "ref: refs/heads/main");
  rules = { ...usualRules, isLeftOut: (path) => path.includes(".git") || path.includes("node_modules"), version: "git" };
  await keeper.files.workspace(shop.root).look(null);
  expect(keeper.files.workspace(shop.root).standing(".git/HEAD")?.kind).toBe("file");
  rmSync(at(".git"), { recursive: true });
});
