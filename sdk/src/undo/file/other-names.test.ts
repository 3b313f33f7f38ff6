import { appendFileSync, linkSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, type Workshop } from "../workshop.test.support.js";

let shop: Workshop;
let outside: string;
beforeEach(() => {
  shop = openWorkshop();
  outside = join(dirname(shop.root), "outside");
  writeFileSync(outside, "begun\n");
});
afterEach(() => shop.remove());

const at = (path: string) => shop.at(path);
const text = (path: string) => readFileSync(path, "utf8");
const elsewhere = (path: string) => ({ of: "file", path, sentence: expect.stringMatching(/another name elsewhere.* as it is now/) });

const lines = (changed: Record<number, string> = {}) => Array.from({ length: 10 }, (_none, at) => `${changed[at] ?? at}\n`).join("");

describe("a file that has a name outside of the workspace", () => {
  it("is named where the run made its name here and wrote through it", async () => {
    await shop.act("a1", () => linkSync(outside, at("x")));
    await shop.act("a2", () => appendFileSync(at("x"), "agent\n"));
    const { planned, end } = await shop.undo();
    expect([planned.conflicts, end.restored, end.failure]).toEqual([[elsewhere("x")], ["x"], undefined]);
    expect(text(outside)).toBe("begun\nagent\n");
  });

  it("is named where the run wrote to what had both names, and keeps what somebody wrote outside", async () => {
    linkSync(outside, at("x"));
    writeFileSync(outside, lines());
    await shop.act("a1", () => writeFileSync(at("x"), lines({ 1: "agent" })));
    writeFileSync(outside, lines({ 1: "agent", 8: "person" }));
    const { planned } = await shop.undo();
    expect(planned.conflicts).toEqual([elsewhere("x")]);
    expect([text(at("x")), text(outside)]).toEqual([lines({ 8: "person" }), lines({ 1: "agent", 8: "person" })]);
  });

  it("is not spoken of where the run only moved it, or put another file in its place", async () => {
    linkSync(outside, at("moved"));
    linkSync(outside, at("replaced"));
    linkSync(outside, at("left"));
    await shop.act("a1", () => {
      renameSync(at("moved"), at("elsewhere"));
      writeFileSync(at("replaced.new"), "agent\n");
      renameSync(at("replaced.new"), at("replaced"));
    });
    const { planned, end } = await shop.undo();
    expect([planned.conflicts, end.restored.toSorted()]).toEqual([[], ["elsewhere", "moved", "replaced"]]);
    expect([text(at("moved")), text(at("replaced")), text(outside)]).toEqual(["begun\n", "begun\n", "begun\n"]);
  });
});

it("says nothing where all names of a file are in the workspace", async () => {
  mkdirSync(at("part"));
  writeFileSync(at("one"), "begun\n");
  linkSync(at("one"), at("part/other"));
  await shop.act("a1", () => {
    appendFileSync(at("one"), "agent\n");
    linkSync(at("one"), at("made"));
  });
  const { planned, end } = await shop.undo();
  expect([planned.conflicts, end.restored.toSorted()]).toEqual([[], ["made", "one", "part/other"]]);
  expect([text(at("one")), text(at("part/other"))]).toEqual(["begun\n", "begun\n"]);
});

it("says nothing of git's objects, which clones of a machine share", async () => {
  const object = `.git/objects/ab/${"c".repeat(38)}`;
  await shop.act("a1", () => {
    mkdirSync(at(dirname(object)), { recursive: true });
    linkSync(outside, at(object));
  });
  const { planned, end } = await shop.undo();
  expect([planned.conflicts, end.restored]).toEqual([[], [".git", ".git/objects"]]);
});
