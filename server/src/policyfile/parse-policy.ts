import { hash } from "node:crypto";
import type { PolicyProblem } from "@pullcord/sdk/protocol";
import { compilePolicy } from "../domain/policy/compile.js";
import type { Policy } from "../domain/policy/policy.js";
import { readPolicy } from "./read-policy.js";

export type ParsedPolicy = { readonly ok: Policy } | { readonly problem: PolicyProblem };

/** Reads and compiles a policy file's text at once. What its own matchers would say stays unknown: nothing is run. */
export function parsePolicy(text: string, fileName: string): ParsedPolicy {
  const read = readPolicy(text, fileName);
  if ("problem" in read) return read;
  const { document, lines } = read.ok;
  return { ok: compilePolicy(document, { version: hash("sha256", text), lines }) };
}
