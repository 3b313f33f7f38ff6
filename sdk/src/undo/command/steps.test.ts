import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Journals } from "../journals.js";
import type { Family, Output } from "./family.js";
import { goOn, type CommandJournal } from "./steps.js";

let folder: string;
let journals: Journals<CommandJournal>;
/** Services, by what they are. */
let standing: Map<string, string>;
let ran: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-steps-"));
  journals = new Journals(folder);
  standing = new Map([
    ["one", "off"],
    ["two", "off"],
  ]);
  ran = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const family: Family = {
  name: "switches",
  placesOf: () => [],
  named: () => "switches",
  look: () => Promise.resolve(new Map(standing)),
  ways: () => ({ steps: [], cannot: [] }),
};

function carryOut(run: (name: string) => Output): Promise<CommandJournal> {
  const steps = ["one", "two"].map((name) => ({ changes: [{ name, from: "off", to: "on" }], calls: [{ argv: [name] }] }));
  const journal: CommandJournal = { id: "p1", place: { family: "switches", at: [] }, steps, done: 0, left: [], state: "running" };
  const asking = { folder, ask: () => Promise.reject(new Error("Nobody asks.")) };
  return goOn(journal, {
    journals,
    family,
    asking,
    run: ({ argv: [name = ""] }) => {
      ran.push(name);
      return Promise.resolve(run(name));
    },
  });
}

const works = (name: string): Output => {
  standing.set(name, "on");
  return { status: 0, stdout: "", stderr: "" };
};

it("runs what it takes, one step after the other", async () => {
  expect(await carryOut(works)).toMatchObject({ state: "done", done: 2, left: [] });
  expect([ran, standing.get("two")]).toEqual([["one", "two"], "on"]);
});

it("runs nothing for what stands as it should, as after a crash", async () => {
  standing.set("one", "on");
  expect(await carryOut(works)).toMatchObject({ state: "done", left: [] });
  expect(ran).toEqual(["two"]);
});

it("leaves what somebody changed since, and does the rest", async () => {
  standing.set("one", "blinking");
  expect((await carryOut(works)).left).toEqual([{ name: "one", sentence: "Somebody changed one since." }]);
  expect([ran, standing.get("one")]).toEqual([["two"], "blinking"]);
});

it("leaves what a call did not do, and says what was run and what it said", async () => {
  const { left } = await carryOut((name) => (name === "one" ? { status: 1, stdout: "", stderr: "no\nfuse is out\n" } : works(name)));
  expect(left).toEqual([{ name: "one", sentence: "one: fuse is out" }]);
  expect(journals.read("p1")).toMatchObject({ state: "done", left });
});
