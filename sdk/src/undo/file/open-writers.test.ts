import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, type Workshop } from "../workshop.test.support.js";

let shop: Workshop;
let handles: number[];
beforeEach(() => {
  [shop, handles] = [openWorkshop(), []];
  mkdirSync(shop.at("folder"));
  for (const name of ["read", "folder/written", "other"]) writeFileSync(shop.at(name), "before");
});
afterEach(() => {
  for (const handle of handles) closeSync(handle);
  shop.remove();
});

describe.runIf(process.platform === "linux")("a program that has a file open", () => {
  it("is named where it writes into what an undo replaced or removed, and only there", async () => {
    await shop.act("a1", () => {
      for (const name of ["read", "folder/written", "made"]) writeFileSync(shop.at(name), "agent");
    });
    handles = [openSync(shop.at("read"), "r"), ...["folder/written", "made", "other"].map((name) => openSync(shop.at(name), "a"))];
    const { end } = await shop.undo();
    expect(end.heldOpen?.map(({ path }) => path).toSorted()).toEqual(["folder/written", "made"]);
    for (const { sentence } of end.heldOpen ?? []) expect(sentence).toContain(`(process ${process.pid})`);
    expect([end.conflicts, readFileSync(shop.at("folder/written"), "utf8")]).toEqual([[], "before"]);
  });

  it("is no news where nothing was replaced under it", async () => {
    await shop.act("a1", () => writeFileSync(shop.at("read"), "agent"));
    handles = [openSync(shop.at("other"), "a")];
    expect((await shop.undo()).end).not.toHaveProperty("heldOpen");
  });
});
