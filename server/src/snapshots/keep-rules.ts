import { usualRules, type KeepRules } from "@pullcord/sdk/undo";
import { pathPattern, type Places } from "../domain/policy/path-pattern.js";
import type { SnapshotRules } from "../domain/policy/policy.js";
import { isKept } from "./is-kept.js";
import { mountsBelow } from "./mounts.js";
import { rootOf } from "./reach.js";

/**
 * What of files is kept, by the policy in force. Patterns that start nowhere start from the root of the workspace. What is
 * mounted in it is not of it: to take back that it appeared there would be to empty somebody's disk.
 */
export function keepRules(
  { leaveOut, keepAlso, largestFileBytes }: SnapshotRules,
  places: Places,
  mounts = mountsIn(places.workspace),
): KeepRules {
  const isMounted = (path: string) => mounts.some((point) => path === point || path.startsWith(`${point}/`));
  const matching = (patterns: readonly string[]) => {
    const compiled = patterns.map((pattern) => pathPattern(pattern, { cautious: false }));
    return (path: string) => compiled.some((pattern) => pattern.matches(path, places));
  };
  const isLeftOut = matching(leaveOut);
  return {
    isLeftOut: (path) => isMounted(path) || isLeftOut(path),
    isKeptToo: matching(keepAlso),
    largestFileBytes,
    mostLooseObjects: usualRules.mostLooseObjects,
    version: JSON.stringify([leaveOut, keepAlso, largestFileBytes, mounts]),
  };
}

/** Whether a snapshot will hold what stands at a path, for the judgment of what a run in this folder proposes. */
export function keptFrom(workspace: string | null, home: string, inForce: () => SnapshotRules): (path: string) => boolean {
  let compiled: { readonly from: SnapshotRules; readonly mounts: string; readonly rules: KeepRules } | null = null;
  return (path) => {
    const from = inForce();
    const root = workspace && rootOf(workspace, home);
    const mounts = mountsIn(root);
    const isAsBefore = compiled?.from === from && compiled.mounts === mounts.join("\n");
    if (!compiled || !isAsBefore) compiled = { from, mounts: mounts.join("\n"), rules: keepRules(from, { workspace: root, home }, mounts) };
    return isKept(path, compiled.rules);
  };
}

function mountsIn(root: string | null): string[] {
  return root === null ? [] : mountsBelow(root);
}
