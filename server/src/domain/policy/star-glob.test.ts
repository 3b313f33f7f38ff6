import fc from "fast-check";
import picomatch from "picomatch";
import { expect, it } from "vitest";
import { pathPattern } from "./path-pattern.js";
import { starGlob } from "./star-glob.js";

const letters = (some: string) => fc.string({ unit: fc.constantFrom(...some.split("")), minLength: 1, maxLength: 5 });
const isName = (text: string) => text !== "." && text !== "..";
const names = fc.array(letters("ab.").filter(isName), { minLength: 1, maxLength: 6 });
const step = fc.oneof(fc.constant("**"), letters("ab.*?"));

it("refuses nothing that picomatch takes", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), names, fc.constantFrom("", "/"), (steps, path, start) => {
      const [glob, whole] = [start + steps.join("/"), start + path.join("/")];
      const fits = starGlob(glob);
      fc.pre(fits !== null);
      const isTaken = picomatch(glob, { dot: true, flags: "s" })(whole);
      expect([glob, whole, isTaken && !(fits?.(whole) ?? true)]).toEqual([glob, whole, false]);
    }),
    { numRuns: 1_000 },
  );
});

it("leaves braces, classes and escapes to picomatch", () => {
  expect(["{a,b}", "[ab]", String.raw`a\*`, "a**", "+(a)", "../a", "a//b", "!a"].map((glob) => starGlob(glob))).toEqual(
    Array(8).fill(null),
  );
});

it("refuses a long name that a regular expression would walk through for minutes", () => {
  const pattern = pathPattern("/**/*a*a*a*a*a*a*b", { cautious: true });
  expect(pattern.matches(`/srv/${"a".repeat(250)}`, { workspace: null, home: null })).toBe(false);
  expect(pattern.matches(`/srv/${"a".repeat(250)}B`, { workspace: null, home: null })).toBe(true);
});

it("takes a letter that is two in capitals for one", () => {
  expect(pathPattern("/srv/?/**/x", { cautious: true }).matches("/srv/\u00DF/x", { workspace: null, home: null })).toBe(true);
});
