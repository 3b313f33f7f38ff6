import { readFileSync, statSync } from "node:fs";
import type { ReviewRules } from "../domain/policy/policy.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Longest key, in characters. */
const longestKey = 4_096;

/** Reads the key where the policy says it is; null for an endpoint that needs none. Read anew each time: keys are rotated. */
export function readKey(
  place: ReviewRules["key"],
  environment: Environment,
): { readonly value: string | null } | { readonly missing: string } {
  if (place === null) return { value: null };
  const key = (place.from === "environment" ? environment[place.name] : textOf(place.name))?.trim();
  const where = place.from === "environment" ? `the environment variable ${place.name}` : `the file ${place.name}`;
  if (key === undefined || key === "") return { missing: `there is no key in ${where}` };
  // Anything else could not stand in a header.
  if (key.length > longestKey || !/^[\x21-\x7e]+$/.test(key)) return { missing: `what is in ${where} is no key` };
  return { value: key };
}

function textOf(file: string): string | undefined {
  try {
    const stats = statSync(file);
    // A pipe would be waited on, and a device has no end.
    return stats.isFile() && stats.size <= longestKey ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
