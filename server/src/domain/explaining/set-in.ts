import type { DecisionFacts } from "../facts.js";

/** A setting of the policy, and its line where the file has one. */
export function setIn({ policy }: DecisionFacts, setting: string): { readonly rule: string; readonly line?: number } {
  const line = policy.settingLines.get(setting);
  return { rule: setting, ...(line === undefined ? {} : { line }) };
}
