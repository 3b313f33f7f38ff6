import { expect, it } from "vitest";
import { isAtLeast } from "./client.js";

it.each([
  ["2.1.295", true],
  ["2.1.329", true],
  ["2.2.0", true],
  ["3.0.0", true],
  ["2.1.294", false],
  ["2.1.30", false],
  ["2.0.999", false],
  ["1.9.999", false],
])("takes %s for new enough: %s", (version, expected) => {
  expect(isAtLeast(version, "2.1.295")).toBe(expected);
});
