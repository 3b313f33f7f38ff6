import type { Matcher } from "./matcher.js";

/** The lowest score that fits. */
export const riskAtLeast: Matcher<number> =
  (floors) =>
  ({ score }) => [floors.some((floor) => score >= floor) ? "yes" : "no"];
