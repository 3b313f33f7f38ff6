import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { UndoKindName } from "../protocol/index.js";
import { Journals } from "./journals.js";
import type { UndoEnd, UndoKind } from "./kind.js";
import { carryOutParts, type UndoRecord } from "./undo-record.js";

let folder: string;
let records: Journals<UndoRecord>;
let done: string[];
/** Parts that were asked to be taken back, in that order. */
let backedOut: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-record-"));
  records = new Journals(folder);
  [done, backedOut] = [[], []];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nothing: UndoEnd = { restored: [], conflicts: [], unverified: [] };

/** A kind whose parts are names on a list; `failing` says what comes of those that can't be done. */
function kindOf(name: UndoKindName, failing: Readonly<Record<string, () => UndoEnd>> = {}): UndoKind {
  return {
    name,
    ended: () => Promise.resolve(),
    cancelled: () => Promise.resolve(),
    underWay: () => [],
    changesOf: () => [],
    reservations: () => [],
    beyondFiles: () => [],
    plan: () => Promise.resolve([]),
    planRedo: () => Promise.resolve(null),
    carryOut: (id) => {
      const failure = failing[id];
      if (failure) return Promise.resolve(failure());
      if (!done.includes(id)) done.push(id);
      return Promise.resolve({ ...nothing, restored: [id] });
    },
    backOut: (id) => {
      backedOut.push(id);
      done = done.filter((each) => each !== id);
      return Promise.resolve(id === "stubborn" ? { ...nothing, failure: "stubborn stays." } : nothing);
    },
    sweep: () => new Set(),
    close: () => Promise.resolve(),
  };
}

function begin(...ids: string[]): void {
  const parts = ids.map((id, index) => ({ of: index % 2 === 0 ? ("file" as const) : ("custom" as const), id }));
  records.write({ id: "u1", parts, state: "running", ends: [] });
}

const carryOut = (failing?: Readonly<Record<string, () => UndoEnd>>) =>
  carryOutParts("u1", { records, kind: (name) => kindOf(name, failing) });
const failed = (sentence: string) => () => ({ ...nothing, failure: sentence });

it("does the parts of all kinds in their order", async () => {
  begin("one", "two", "three");
  expect(await carryOut()).toEqual({ ...nothing, restored: ["one", "two", "three"] });
  expect(done).toEqual(["one", "two", "three"]);
});

it("takes parts of other kinds back when a later one fails, and says what could not be", async () => {
  begin("one", "stubborn", "two", "three", "four");
  const end = await carryOut({ three: failed("three is broken.") });
  expect(end).toEqual({ ...nothing, failure: "three is broken. stubborn stays." });
  expect([done, backedOut]).toEqual([[], ["two", "stubborn", "one"]]);
  expect(records.read("u1")?.state).toBe("backed_out");
});

it("goes on where a crash ended it, and repeats what may not have been noted", async () => {
  begin("one", "two", "three");
  const crash = () => {
    throw new Error("killed");
  };
  await expect(carryOut({ two: crash })).rejects.toThrow("killed");
  expect(done).toEqual(["one"]);
  expect((await carryOut()).restored).toEqual(["one", "two", "three"]);
  expect((await carryOut()).restored).toEqual(["one", "two", "three"]);
});

it("says so when the undo had not begun", async () => {
  expect(await carryOut()).toEqual({ ...nothing, failure: expect.stringContaining("had begun") });
});
