import { constants } from "node:buffer";
import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ActionOrder } from "./action-order.js";
import { JsonLines } from "./json-lines.js";
import { Journals } from "./journals.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pullcord-lines-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("a line that a crash cut off costs itself alone", () => {
  const file = join(folder, "lines.jsonl");
  new JsonLines(file).append({ n: 1 });
  appendFileSync(file, '{"n":2');
  const again = new JsonLines<{ n: number }>(file);
  again.append({ n: 3 });
  expect(again.all()).toEqual([{ n: 1 }, { n: 3 }]);
});

it("more than one string holds is read line by line", () => {
  const file = join(folder, "lines.jsonl");
  const handle = openSync(file, "w");
  // Lines of a megabyte that say nothing, with hardly anything on disk.
  for (let at = 1; at <= 2 ** 9 + 1; at++) writeSync(handle, '\n{"n":1}\n', at * 2 ** 20);
  closeSync(handle);
  expect(statSync(file).size).toBeGreaterThan(constants.MAX_STRING_LENGTH);
  const lines = new JsonLines<{ n: number }>(file);
  lines.append({ n: 2 });
  expect(lines.all()).toEqual([...Array.from({ length: 2 ** 9 + 1 }, () => ({ n: 1 })), { n: 2 }]);
});

it("lines of every length come back, also across what is read at a time, and those that stay when others are let go of", () => {
  const lines = new JsonLines<string>(join(folder, "lines.jsonl"));
  const written = [0, 1, 2 ** 20 - 4, 2 ** 20 - 3, 2 ** 20 - 2, 3 * 2 ** 20, 5].map((length) => "ä".repeat(length / 2) + "x");
  for (const line of written) lines.append(line);
  expect(lines.all()).toEqual(written);
  lines.replace(longer(lines.each()));
  expect(lines.all()).toEqual(written.filter((line) => line.length > 1));
});

function* longer(lines: Iterable<string>): Generator<string, void> {
  for (const line of lines) if (line.length > 1) yield line;
}

describe("what came after an action", () => {
  const note = (actionId: string, kind: "began" | "ended") => ({ runId: "r", actionId, kind, at: 0 });

  it("began after it had ended: what ran beside it did not", () => {
    const order = new ActionOrder(join(folder, "order.jsonl"));
    for (const line of [note("one", "began"), note("beside", "began"), note("one", "ended"), note("after", "began")]) order.append(line);
    order.append({ ...note("other", "began"), runId: "another" });
    expect(order.notAfter({ runId: "r", actionId: "one" })).toEqual(new Set(["one", "beside"]));
    expect(order.notAfter({ runId: "r", actionId: "other" })).toBeNull();
  });
});

it("a journal is let go of when it is over and old, and not before", () => {
  const journals = new Journals<{ id: string; isOver: boolean }>(folder);
  for (const [id, isOver] of [
    ["over", true],
    ["running", false],
  ] as const)
    journals.write({ id, isOver });
  const written = statSync(join(folder, "over.json")).mtimeMs;
  const left = () => journals.all().map(({ id }) => id);
  journals.drop(written, ({ isOver }) => isOver);
  expect(left().toSorted()).toEqual(["over", "running"]);
  journals.drop(written + 1, ({ isOver }) => isOver);
  expect(left()).toEqual(["running"]);
});
