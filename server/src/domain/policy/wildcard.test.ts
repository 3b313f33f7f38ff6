import * as fc from "fast-check";
import { expect, it } from "vitest";
import { durationMs } from "./duration.js";
import { isPathPattern, pathPattern } from "./path-pattern.js";
import { wildcard } from "./wildcard.js";

it.each([
  ["", "", true],
  ["*", "", true],
  ["?", "", false],
  ["a*c", "abbbc", true],
  ["a*c", "abbb", false],
  ["*--force*", "git push a/b --force-with-lease\nx", true],
  ["*a*b", "aXbXab", true],
  ["a.c", "abc", false],
  ["(a", "(a", true],
  ["git push", "git push x", false],
])("matches %j with %j: %s", (pattern, text, expected) => {
  expect(wildcard(pattern).matches(text)).toBe(expected);
});

it("agrees with a regular expression", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 }), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      expect(wildcard(pattern).matches(text)).toBe(expression.test(text));
    }),
  );
});

it("knows which starts can still match", () => {
  const starts = ["git push ", "git p", "git commit -m ", ""].map((start) => wildcard("git push * --force*").canStartWith(start));
  expect(starts).toEqual([true, true, false, true]);
});

it("comes to an end with a text that a regular expression would never end with", () => {
  expect(wildcard(`${"*a".repeat(20)}b`).matches("a".repeat(100_000))).toBe(false);
});

it.each(["", "!a", "../a", "a/../b", "a[b", "~/"])("refuses %j as a path pattern", (pattern) => {
  expect(isPathPattern(pattern)).toBe(false);
});

it("matches below any folder when the one it starts from is unknown, if it is a cautious one", () => {
  const nowhere = { workspace: null, home: null };
  expect(pathPattern("~/.ssh/**", { cautious: true }).matches("/home/bob/.ssh/id", nowhere)).toBe(true);
  expect(pathPattern("~/.ssh/**", { cautious: false }).matches("/home/bob/.ssh/id", nowhere)).toBe(false);
});

it.each([
  ["90s", 90_000],
  ["1y", 31_536_000_000],
  ["366d", 31_622_400_000],
  ["367d", null],
  ["0s", null],
  ["1.5h", null],
  ["5", null],
])("reads the length of time %s", (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});
