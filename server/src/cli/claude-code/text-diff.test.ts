import fc from "fast-check";
import { expect, it } from "vitest";
import { diffLines } from "./text-diff.js";

it("shows what changed with a little around it", () => {
  const before = ["a", "b", "c", "d", "e", "f", "g"].join("\n");
  const marked = diffLines(before, before.replace("e", "x")).map(({ kind, text }) => `${kind} ${text}`);
  expect(marked).toEqual(
    ["skipped …", "same c", "same d", "removed e", "added x", "same f", "same g"].filter((line) => line !== "skipped …"),
  );
});

it("shows a new file as added and one that goes as removed", () => {
  expect(diffLines("", "a\nb\n")).toEqual([
    { kind: "added", text: "a" },
    { kind: "added", text: "b" },
  ]);
  expect(diffLines("a\n", "")).toEqual([{ kind: "removed", text: "a" }]);
});

it("names every line that is only on one side", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (old, now) => {
      const diff = diffLines(old.join("\n"), now.join("\n"));
      const count = (kind: string) => diff.filter((line) => line.kind === kind).length;
      const length = (list: string[]) => (list.join("\n") === "" ? 0 : list.length);
      expect(count("added") - count("removed")).toBe(length(now) - length(old));
    }),
  );
});
