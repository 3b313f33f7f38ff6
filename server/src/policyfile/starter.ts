import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { PullcordError } from "@pullcord/sdk/protocol";
import { defaultPolicyText } from "./default-policy.js";

/**
 * Writes the commented starter policy where there is none.
 * @throws PullcordError `unavailable`/`policy_file`
 */
export function writeStarterPolicy(path: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, defaultPolicyText, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const text = `The policy file ${path} can't be written. Name another one with --policy.`;
    throw new PullcordError("unavailable", "policy_file", text, { cause });
  }
}
