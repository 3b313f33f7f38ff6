import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isKept } from "./is-kept.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pullcord-kept-"));
  mkdirSync(join(root, "node_modules"));
  for (const name of ["file", "large"]) writeFileSync(join(root, name), "x");
  truncateSync(join(root, "large"), 33 * 2 ** 20);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it.each([
  ["file", true],
  ["", true],
  ["not-yet", true],
  ["large", false],
  ["node_modules", false],
  ["node_modules/inner", false],
  [".git/objects/ab", false],
  ["nowhere/at/all", false],
])("of %j is %s", (path, expected) => {
  expect(isKept(join(root, path))).toBe(expected);
});
