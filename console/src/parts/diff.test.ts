import { expect, it } from "vitest";
import { diffOf } from "./diff.js";

it("tells added, removed and kept lines apart", () => {
  expect(diffOf({ before: "a\nb\n", after: "a\nc\n" })).toEqual([
    { kind: "same", text: "a" },
    { kind: "removed", text: "b" },
    { kind: "added", text: "c" },
  ]);
});

it("shows a new file as added only", () => {
  expect(diffOf({ before: "", after: "x\n\ny" }).map((line) => line.kind)).toEqual(["added", "added", "added"]);
});

it("shows a huge change whole, without comparing it", () => {
  const before = "old\n".repeat(6_000);
  const lines = diffOf({ before, after: "new\n" });
  expect(lines).toHaveLength(6_001);
  expect(lines.at(-1)).toEqual({ kind: "added", text: "new" });
});
