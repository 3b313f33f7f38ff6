import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
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
