import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openWorkshop, type Workshop } from "../workshop.test.support.js";

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

const at = (path: string) => shop.at(path);
const undo = () => shop.undo();
const text = (path: string) => readFileSync(at(path), "utf8");

describe("undo of what a person changed inside of a folder that took a file's place and was moved since", () => {
  beforeEach(async () => {
    mkdirSync(at("part"));
    writeFileSync(at("part/thing"), "a file");
    await shop.act("a1", () => {
      rmSync(at("part/thing"));
      mkdirSync(at("part/thing"));
      writeFileSync(at("part/thing/inside"), "agent");
    });
    writeFileSync(at("part/thing/inside"), "person");
    await shop.act("a2", () => renameSync(at("part"), at("moved")));
  });

  it("brings it back to where the person had it", async () => {
    const { planned, end } = await undo();
    expect([text("part/thing/inside"), existsSync(at("moved")), end.failure]).toEqual(["person", false, undefined]);
    expect(planned.conflicts.map(({ path }) => path).toSorted()).toEqual(["part/thing", "part/thing/inside"]);
  });

  it("leaves it where it is when somebody needs that place", async () => {
    mkdirSync(at("part"));
    writeFileSync(at("part/thing"), "another's");
    const { planned } = await undo();
    expect([text("part/thing"), text("moved/thing/inside")]).toEqual(["another's", "person"]);
    expect(planned.conflicts.map(({ path }) => path)).toContain("moved/thing/inside");
  });
});

it("brings a person's file back into a folder that the run had made and moved since", async () => {
  mkdirSync(at("part"));
  await shop.act("a1", () => {
    mkdirSync(at("part/made"));
    for (const name of ["edited", "only-agent"]) writeFileSync(at(`part/made/${name}`), "agent");
  });
  writeFileSync(at("part/made/edited"), "person");
  await shop.act("a2", () => renameSync(at("part"), at("moved")));
  const { planned, end } = await undo();
  expect([text("part/made/edited"), existsSync(at("part/made/only-agent")), existsSync(at("moved"))]).toEqual(["person", false, false]);
  expect(planned.conflicts.map(({ path }) => path).toSorted()).toEqual(["part/made", "part/made/edited"]);
  expect([end.conflicts, end.failure]).toEqual([[], undefined]);
});

it("leaves what it would bring back into a folder that a person moved away, and says so before", async () => {
  mkdirSync(at("part"));
  writeFileSync(at("part/thing"), "before");
  await shop.act("a1", () => rmSync(at("part/thing")));
  renameSync(at("part"), at("moved"));
  const { planned, end } = await undo();
  expect([planned.changes, planned.conflicts.map(({ path }) => path)]).toEqual([[], ["part/thing"]]);
  expect([end.restored, end.conflicts, existsSync(at("part"))]).toEqual([[], [], false]);
});
