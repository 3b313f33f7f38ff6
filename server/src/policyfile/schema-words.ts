import { z } from "zod";
import { durationMs, durationPattern } from "../domain/policy/duration.js";
import { isTimeZone } from "../domain/policy/matchers/time.js";
import { isPathPattern } from "../domain/policy/path-pattern.js";

/** The small words that the policy file's schema is made of. */

/** Most values in one list. */
export const mostValues = 1_000;
/** Longest pattern or sentence, in characters. */
export const longestText = 1_000;

export const text = z.string().min(1).max(longestText);
export const duration = z
  .string()
  .regex(durationPattern, "A length of time is written like 90s, 5m, 24h, 7d, 2w or 1y.")
  .refine((value) => durationMs(value) !== null, "A length of time is at least 1s and at most 1y.")
  .describe("A length of time: 90s, 5m, 24h, 7d, 2w, 1y.");
export const pathGlob = text
  .refine(
    isPathPattern,
    "This is no path pattern. Write a glob that is absolute, or starts with ~/, or is relative to the run's folder; without .. and without a leading !.",
  )
  .describe("A glob: absolute, from the home folder (~/), or from the run's folder.");

export const timeZone = text.refine(isTimeZone, "This machine knows no such time zone. Write one like Europe/Vienna.");
