import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hunksBetween } from "./lines.js";
import { mergeLines } from "./merge.js";
import { unifiedDiff } from "./unified-diff.js";

const lines = (text: string) => text.split("");
const merged = (base: string, mine: string, theirs: string) =>
  mergeLines({ base: lines(base), mine: lines(mine), theirs: lines(theirs) })?.join("") ?? null;

describe("two changes of one text", () => {
  it.each<[what: string, sides: readonly [base: string, mine: string, theirs: string], expected: string | null]>([
    ["apart from each other", ["abcdef", "Abcdef", "abcdeF"], "AbcdeF"],
    ["one of which adds", ["abcdef", "abxcdef", "abcdeF"], "abxcdeF"],
    ["the same on both sides", ["abcdef", "abXdef", "abXdef"], "abXdef"],
    ["right beside each other", ["abcdef", "aBcdef", "abCdef"], null],
    ["of the same line", ["abcdef", "aBcdef", "aXcdef"], null],
    ["of which one adds more than the other", ["abcdef", "aXdef", "aXYdef"], null],
    ["at the same place, added", ["abcdef", "abXcdef", "abYcdef"], null],
  ])("%s", (_what, [base, mine, theirs], expected) => {
    expect(merged(base, mine, theirs)).toBe(expected);
    expect(merged(base, theirs, mine)).toBe(expected);
  });
});

const someLines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });

it("the hunks between two texts make one of the other", () => {
  fc.assert(
    fc.property(someLines, someLines, (old, now) => {
      let at = 0;
      const made: string[] = [];
      for (const { oldStart, oldEnd, newStart, newEnd } of hunksBetween(old, now)) {
        made.push(...old.slice(at, oldStart), ...now.slice(newStart, newEnd));
        at = oldEnd;
      }
      expect([...made, ...old.slice(at)]).toEqual(now);
    }),
  );
});

it("a side that changed nothing gets what the other made", () => {
  fc.assert(
    fc.property(someLines, someLines, (base, other) => {
      expect(mergeLines({ base, mine: base, theirs: other })).toEqual(other);
      expect(mergeLines({ base, mine: other, theirs: base })).toEqual(other);
    }),
  );
});

const numbered = (count: number, changed: readonly number[] = []) =>
  Array.from({ length: count }, (_none, at) => `${changed.includes(at) ? "changed" : "line"} ${at}\n`).join("");

describe("a diff", () => {
  it("of a new text and of one that went begins at no line", () => {
    expect(unifiedDiff("", "a\n")).toBe("@@ -0,0 +1,1 @@\n+a\n");
    expect(unifiedDiff("a\n", "")).toBe("@@ -1,1 +0,0 @@\n-a\n");
  });

  it("says where a text ends without a line's end", () => {
    expect(unifiedDiff("a\n", "a")).toBe("@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n");
  });

  it("shows changes as one where the lines around them meet, and else apart", () => {
    const ranges = (changed: readonly number[]) => unifiedDiff(numbered(20), numbered(20, changed)).match(/@@.*@@/g);
    expect(ranges([3, 10])).toEqual(["@@ -1,14 +1,14 @@"]);
    expect(ranges([3, 11])).toEqual(["@@ -1,7 +1,7 @@", "@@ -9,7 +9,7 @@"]);
  });
});
