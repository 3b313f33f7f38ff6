import fs, { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, type Workshop } from "../workshop.test.support.js";

const { openSync, readdirSync } = fs;

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
  mkdirSync(at("folder"));
  for (const name of ["still", "busy.log", "folder/inner"]) writeFileSync(at(name), "begun\n");
});
afterEach(() => {
  Object.assign(fs, { openSync, readdirSync });
  syncBuiltinESMExports();
  shop.remove();
});

const at = (path: string) => join(shop.root, path);
const text = (path: string) => readFileSync(at(path), "utf8");
const key = { runId: "r", actionId: "a1" };

/** Somebody writes to a file right after each time that it is opened, `times` times. @returns how often they did */
function meddleWhileRead(name: string, times: number): () => number {
  let done = 0;
  fs.openSync = ((path: string, ...rest: [number]) => {
    const handle = openSync(path, ...rest);
    if (path.endsWith(`/${basename(name)}`) && done < times) {
      done += 1;
      appendFileSync(at(name), `${done}\n`);
    }
    return handle;
  }) as typeof openSync;
  syncBuiltinESMExports();
  return () => done;
}

describe("a file that changes while it is looked at", () => {
  it("is looked at again until it stands still", async () => {
    const done = meddleWhileRead("busy.log", 5);
    await shop.workspace.began(key, null);
    expect([done(), shop.workspace.movingOf("r")]).toEqual([5, []]);
    writeFileSync(at("busy.log"), "agent");
    await shop.workspace.ended(key);
    shop.keeper.begin("u1", await shop.keeper.plan({ runId: "r" }));
    await shop.keeper.carryOut("u1");
    expect(text("busy.log")).toBe("begun\n1\n2\n3\n4\n5\n");
  });

  it("is told by name when it never does, and holds up nothing else", async () => {
    const done = meddleWhileRead("busy.log", Infinity);
    await shop.workspace.began(key, null, ["still"]);
    expect(done()).toBeGreaterThan(5);
    expect([shop.workspace.movingOf("r"), shop.workspace.movingOf("other")]).toEqual([["busy.log"], []]);
    expect(shop.reopen().files.movingOf("r")).toEqual(["busy.log"]);
    writeFileSync(at("still"), "agent");
    await shop.workspace.ended(key);
    expect((await shop.keeper.plan({ runId: "r" })).flatMap(({ changes }) => changes.map(({ path }) => path))).toContain("still");
  });

  it.each<[string, { file: string; reach: string[] | null; named?: string[] }]>([
    ["by itself", { file: "busy.log", reach: null, named: ["busy.log"] }],
    ["by the folder that it is in", { file: "folder/inner", reach: null, named: ["folder"] }],
    ["as the file of a tool", { file: "busy.log", reach: ["busy.log"] }],
  ])("cannot be kept where the action names it: %s", async (_how, { file, reach, named }) => {
    const done = meddleWhileRead(file, Infinity);
    await expect(shop.workspace.began(key, reach, named)).rejects.toMatchObject({ code: "unavailable", reason: "snapshot_moving" });
    expect(done()).toBeGreaterThan(5);
    expect(shop.workspace.underWay("r")).toEqual([]);
  });
});

describe("a folder that is moved away while it is looked at", () => {
  it("is looked for again, and what it held is seen where it went", async () => {
    await shop.workspace.look(null);
    let moves = 0;
    fs.readdirSync = ((path: string, ...rest: []) => {
      if (path === at("folder") && moves === 0) {
        moves += 1;
        renameSync(at("folder"), at("moved"));
      }
      return readdirSync(path, ...rest);
    }) as unknown as typeof readdirSync;
    syncBuiltinESMExports();
    // Something new in it: its names are read again.
    writeFileSync(at("folder/other"), "x");
    await shop.workspace.look(null);
    expect([moves, shop.workspace.standing("folder"), shop.workspace.standing("folder/inner")]).toEqual([1, null, null]);
    rmSync(at("moved"), { recursive: true });
  });
});
