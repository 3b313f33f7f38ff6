import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openWorkshop, photograph, type Workshop } from "../workshop.test.support.js";

/** Of nobody in particular. Permissions hold for them, as they do for whoever runs a server, and do not for root. */
const somebody = 65_534;
const isRoot = process.geteuid?.() === 0;

let shop: Workshop;
beforeEach(() => {
  if (isRoot) process.seteuid?.(somebody);
  shop = openWorkshop();
  mkdirSync(at("folder/inner"), { recursive: true });
  for (const path of paths) writeFileSync(at(path), "mine");
});
afterEach(() => {
  if (isRoot) process.seteuid?.(0);
  else for (const path of ["folder", "folder/inner"]) chmodSync(at(path), 0o755);
  shop.remove();
});

const paths = ["folder/a", "folder/inner/a", "a"];
const at = (path: string) => shop.at(path);

it.each([0o000, 0o111, 0o300, 0o400, 0o500])("goes back into a folder that the run closed (mode %o)", async (mode) => {
  const before = photograph(shop.root);
  await shop.act("a1", () => {
    for (const path of paths) writeFileSync(at(path), "agent");
    rmSync(at("folder/inner/a"));
  });
  await shop.act("a2", () => chmodSync(at("folder/inner"), mode));
  await shop.act("a3", () => chmodSync(at("folder"), mode));
  const { planned, end } = await shop.undo();
  expect([planned.conflicts, end.conflicts, end.unverified, end.failure]).toEqual([[], [], [], undefined]);
  expect(photograph(shop.root)).toEqual(before);
});

it("goes back as far as it can be seen to, where the run closed a folder in a closed one", async () => {
  await shop.act("a1", () => {
    for (const path of paths) writeFileSync(at(path), "agent");
  });
  await shop.act("a2", () => {
    chmodSync(at("folder/inner"), 0o000);
    chmodSync(at("folder"), 0o000);
  });
  const { end } = await shop.undo();
  expect([end.conflicts.map(({ path }) => path), end.unverified, end.failure]).toEqual([["folder/inner/a"], [], undefined]);
  expect(["a", "folder/a"].map((path) => readFileSync(at(path), "utf8"))).toEqual(["mine", "mine"]);
  chmodSync(at("folder/inner"), 0o755);
});
