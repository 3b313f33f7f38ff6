import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, photograph, type Workshop } from "../workshop.test.support.js";

let shop: Workshop;
const open = (options: Parameters<typeof openWorkshop>[0] = {}) => {
  shop = openWorkshop(options);
  for (const folder of ["00", "mm", "zz"]) mkdirSync(at(folder));
  for (const path of files) writeFileSync(at(path), "mine\n");
};
beforeEach(() => open());
afterEach(() => shop.remove());

const files = ["a", "00/a", "mm/a", "zz/a", "zz/b"];
const at = (path: string) => shop.at(path);
const overwrite = () => files.forEach((path) => writeFileSync(at(path), "agent\n"));
const texts = () => files.map((path) => readFileSync(at(path), "utf8"));
const mine = files.map(() => "mine\n");

describe("a run that piles up more than can be looked at or kept", () => {
  it("has its changes to all that was there taken back, with more new files than are looked at", async () => {
    shop.remove();
    open({ mostEntries: 20 });
    await shop.act("a1", () => {
      overwrite();
      for (const folder of ["00/new", "zz/new"]) mkdirSync(at(folder));
      for (let file = 0; file < 30; file += 1)
        for (const folder of ["", "mm/", "00/new/", "zz/new/"]) writeFileSync(at(`${folder}${file}`), "");
    });
    expect(shop.workspace.unseen()).toContain("mm");
    const { end } = await shop.undo();
    expect([texts(), end.conflicts, end.failure]).toEqual([mine, [], undefined]);
    await expect(shop.act("a2", () => undefined)).rejects.toMatchObject({ reason: "snapshot_too_large" });
  });

  it("keeps the new folder that not everything was seen of, and the preview says so", async () => {
    shop.remove();
    open({ mostEntries: 20 });
    await shop.act("a1", () => {
      overwrite();
      mkdirSync(at("zz/new"));
      for (let file = 0; file < 30; file += 1) writeFileSync(at(`zz/new/${file}`), "");
    });
    expect(shop.workspace.unseen()).toEqual(["zz/new"]);
    const { planned, end } = await shop.undo();
    expect([texts(), end.conflicts, end.failure]).toEqual([mine, [], undefined]);
    expect(planned.conflicts.map(({ path }) => path)).toEqual(["zz/new"]);
  });

  it("has them taken back, with more contents than there is room for", async () => {
    const before = photograph(shop.root);
    await shop.act("a0", () => undefined);
    shop.keeper.quotaBytes = 2 ** 20;
    await shop.act("a1", () => {
      overwrite();
      for (let file = 0; file < 8; file += 1) writeFileSync(at(`mm/${file}`), randomBytes(300_000));
    });
    const { end } = await shop.undo();
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
    expect(photograph(shop.root)).toEqual(before);
  });

  it("is not let do more while nothing can be kept of what is there", async () => {
    await shop.act("a0", () => undefined);
    shop.keeper.quotaBytes = 2 ** 20;
    for (let file = 0; file < 8; file += 1) writeFileSync(at(`mm/${file}`), randomBytes(300_000));
    for (let tries = 0; tries < 2; tries += 1)
      await expect(shop.act("a1", () => undefined)).rejects.toMatchObject({ reason: "snapshot_quota" });
  });

  it("has them taken back, with folders deeper than a path can name", async () => {
    const deep = 'import os\nfor _ in range(60):\n  os.mkdir("d" * 100)\n  os.chdir("d" * 100)';
    await shop.act("a1", () => {
      overwrite();
      execFileSync("python3", ["-c", deep], { cwd: at("mm") });
    });
    const { planned, end } = await shop.undo();
    expect([texts(), end.failure]).toEqual([mine, undefined]);
    expect(planned.conflicts.map(({ path }) => path)).toContain(`mm/${"d".repeat(100)}`);
    expect(end.conflicts).toEqual([]);
    execFileSync("rm", ["-rf", at("mm")]);
  });
});

describe("a pipe", () => {
  const pipe = (path: string) => execFileSync("mkfifo", [at(path)]);

  it("that a run put in the place of a file or a folder goes away for it", async () => {
    const before = photograph(shop.root);
    await shop.act("a1", () => {
      overwrite();
      for (const path of ["a", "zz"]) rmSync(at(path), { recursive: true });
      for (const path of ["a", "zz", "new"]) pipe(path);
    });
    const { planned, end } = await shop.undo();
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
    expect(planned.changes.find(({ path }) => path === "a")?.sentence).toBe("pipe becomes file of 5 bytes");
    expect(photograph(shop.root)).toEqual(before);
  });

  it("that a run removed is named, since only the program that made it makes it again", async () => {
    pipe("old");
    await shop.act("a1", () => rmSync(at("old")));
    const { planned } = await shop.undo();
    expect(planned.conflicts).toEqual([{ of: "file", path: "old", sentence: expect.stringContaining("It was a pipe") as string }]);
  });

  it("that somebody put in the place of what the run wrote stays", async () => {
    await shop.act("a1", () => overwrite());
    rmSync(at("a"));
    pipe("a");
    const { planned, end } = await shop.undo();
    expect([planned.conflicts.map(({ path }) => path), end.conflicts, end.failure]).toEqual([["a"], [], undefined]);
  });
});

describe("what is left out", () => {
  it("keeps the folder that it is in, and the preview says so", async () => {
    await shop.act("a1", () => {
      mkdirSync(at("app/node_modules/left"), { recursive: true });
      writeFileSync(at("app/index.js"), "agent");
    });
    const { planned, end } = await shop.undo();
    expect(planned.conflicts).toEqual([{ of: "file", path: "app", sentence: expect.stringContaining("it holds node_modules") as string }]);
    expect([end.conflicts, existsSync(at("app/index.js")), existsSync(at("app/node_modules/left"))]).toEqual([[], false, true]);
  });
});
