import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { programPath } from "./program-path.js";

let top: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-path-")));
  for (const folder of ["system", "work/tools", "work/node_modules/.bin", "npx/node_modules/.bin", "workshop"])
    mkdirSync(join(top, folder), { recursive: true });
  symlinkSync(join(top, "work/tools"), join(top, "link"));
  symlinkSync(join(top, "system"), join(top, "work/out"));
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

const pathOf = (...folders: string[]) => folders.map((each) => (each.startsWith("=") ? each.slice(1) : join(top, each))).join(delimiter);

it.each([
  ["programs of packages, which npx and npm start put first", "npx/node_modules/.bin"],
  ["the same, written with a slash at its end", "npx/node_modules/.bin/"],
  ["what is in a workspace", "work/tools"],
  ["a workspace itself", "work"],
  ["a link into a workspace", "link"],
  ["a link in a workspace, which leads elsewhere for now", "work/out"],
  ["a folder reached by way of others", "system/../work/tools"],
  ["a relative folder", "=bin"],
  ["the folder that one stands in", "="],
  ["what is not there yet", "later"],
])("leaves out %s", (_what, folder) => {
  expect(programPath(pathOf(folder, "system"), [join(top, "work")])).toBe(join(top, "system"));
});

it("keeps the rest in its order, also beside a workspace of a shorter name", () => {
  expect(programPath(pathOf("workshop", "system"), [join(top, "work")])).toBe(pathOf("workshop", "system"));
});

it("never comes to nothing, which would mean the folder that one stands in", () => {
  expect(programPath(pathOf("work"), [join(top, "work")])).toBe(pathOf("=/usr/bin", "=/bin"));
  expect(programPath(undefined, [])).toBe(pathOf("=/usr/bin", "=/bin"));
});
