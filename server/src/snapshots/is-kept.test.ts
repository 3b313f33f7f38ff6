import { linkSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { usualRules } from "@pullcord/sdk/undo";
import { defaultSnapshots } from "../domain/policy/defaults.js";
import { isKept } from "./is-kept.js";
import { keepRules } from "./keep-rules.js";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "pullcord-kept-"));
  for (const folder of ["node_modules", "plain/deep/node_modules", "heavy/deep", "many", "repository/.git/objects"])
    mkdirSync(join(root, folder), { recursive: true });
  for (const name of ["file", "plain/deep/file", "heavy/deep/large"]) writeFileSync(join(root, name), "x");
  writeFileSync(join(root, "linked"), "x");
  linkSync(join(root, "linked"), join(root, "plain/deep/other-name"));
  truncateSync(join(root, "heavy/deep/large"), 33 * 2 ** 20);
  for (let index = 0; index < 5_001; index++) writeFileSync(join(root, "many", String(index)), "");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each([
  ["file", true],
  ["plain", true],
  ["plain/deep", true],
  ["not-yet", true],
  ["linked", false],
  ["heavy/deep/large", false],
  ["heavy", false],
  ["many", false],
  ["repository", false],
  ["node_modules", false],
  ["node_modules/inner", false],
  [".git/objects/ab", false],
  ["nowhere/at/all", false],
])("of %j is %s", (path, expected) => {
  expect(isKept(join(root, path), usualRules)).toBe(expected);
});

it("is no promise about what the policy leaves out, and one about what it adds", () => {
  const snapshots = {
    ...defaultSnapshots,
    leaveOut: ["plain/deep/**", "**/*.log"],
    keepAlso: ["node_modules/**"],
    largestFileBytes: 2 ** 26,
  };
  const rules = keepRules(snapshots, { workspace: root, home: "/nowhere" });
  const kept = ["file", "plain", "plain/deep/file", "some.log", "node_modules", "plain/deep/node_modules", "heavy/deep/large"];
  expect(kept.filter((path) => isKept(join(root, path), rules))).toEqual(["file", "node_modules", "heavy/deep/large"]);
});
