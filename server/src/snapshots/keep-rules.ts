import { usualRules, type KeepRules } from "@pullcord/sdk/undo";
import { pathPattern, type Places } from "../domain/policy/path-pattern.js";
import type { SnapshotRules } from "../domain/policy/policy.js";
import { isKept } from "./is-kept.js";
import { rootOf } from "./reach.js";

/** What of files is kept, by the policy in force. Patterns that start nowhere start from the root of the workspace. */
export function keepRules({ leaveOut, keepAlso, largestFileBytes }: SnapshotRules, places: Places): KeepRules {
  const matching = (patterns: readonly string[]) => {
    const compiled = patterns.map((pattern) => pathPattern(pattern, { cautious: false }));
    return (path: string) => compiled.some((pattern) => pattern.matches(path, places));
  };
  return {
    isLeftOut: matching(leaveOut),
    isKeptToo: matching(keepAlso),
    largestFileBytes,
    mostLooseObjects: usualRules.mostLooseObjects,
    version: JSON.stringify([leaveOut, keepAlso, largestFileBytes]),
  };
}

/** Whether a snapshot will hold what stands at a path, for the judgment of what a run in this folder proposes. */
export function keptFrom(workspace: string | null, home: string, inForce: () => SnapshotRules): (path: string) => boolean {
  let compiled: { readonly from: SnapshotRules; readonly rules: KeepRules } | null = null;
  return (path) => {
    const from = inForce();
    if (compiled?.from !== from) compiled = { from, rules: keepRules(from, { workspace: workspace && rootOf(workspace, home), home }) };
    return isKept(path, compiled.rules);
  };
}
