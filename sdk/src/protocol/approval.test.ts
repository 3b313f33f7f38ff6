import { describe, expect, it } from "vitest";
import { needsPresence } from "./approval.js";

describe("a presence check", () => {
  it.each([
    ["none", 0, false],
    ["review", 59, false],
    ["review", 60, true],
    ["required", 0, true],
    ["required_2fa", 0, true],
    ["admin_only", 0, true],
  ] as const)("at level %s and a risk of %i: %s", (level, score, isNeeded) => {
    expect(needsPresence(level, { score })).toBe(isNeeded);
  });

  it("is needed for what could not be read", () => {
    expect(needsPresence("none", null)).toBe(true);
  });
});
