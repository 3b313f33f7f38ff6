import type { Effect } from "@pullcord/sdk/protocol";
import type { Conditions } from "./document.js";
import type { Subject } from "./subject.js";

/**
 * One way to tell rules apart without holding them against an action: keys that a rule names and an action has. A path
 * or a host is a branch of a tree; its keys are the branch's beginnings, so that looking one up walks the tree.
 */
export interface Dimension {
  /** What a rule can only match with; null where the rule leaves this open. */
  readonly ofRule: (when: Conditions, effect: Effect) => RuleKeys | null;
  /** What an action has; `open` where a part of it cannot be read, so that every rule may be about it. */
  readonly ofAction: (subject: Subject) => Iterable<string> | "open";
}

export interface RuleKeys {
  /** Whenever the rule can match an action, the action has one of these, or one of `rare`. */
  readonly keys: readonly string[];
  /** Keys that few actions have; they count for nothing where the best dimension is chosen. */
  readonly rare?: readonly string[];
}

/** Deepest branch that tells rules apart. */
const mostSteps = 8;

/** The beginnings of a branch, shortest first: `a`, `a/b`, `a/b/c`. */
export function beginnings(branch: string, separator: string): string[] {
  const found: string[] = [];
  let end = branch.indexOf(separator);
  for (; end >= 0 && found.length < mostSteps - 1; end = branch.indexOf(separator, end + separator.length))
    found.push(branch.slice(0, end));
  found.push(end < 0 ? branch : branch.slice(0, end));
  return found;
}

/** The steps of a wildcard pattern that stand before its first `*` or `?`, whole ones only; null when there are none. */
export function fixedBeginning(pattern: string, separator: string): string | null {
  const open = pattern.search(/[*?]/);
  const last = open < 0 ? pattern.length : pattern.lastIndexOf(separator, open);
  return last < 0 ? null : shortened(pattern.slice(0, last), separator);
}

/** A branch cut to the depth that `beginnings` gives. */
export function shortened(branch: string, separator: string): string {
  return beginnings(branch, separator).at(-1) ?? branch;
}

/** Every text, or null when one of them is. */
export function allKnown(texts: readonly (string | null)[]): readonly string[] | null {
  return texts.length > 0 && texts.every((text) => text !== null) ? texts : null;
}

/** The patterns themselves where none has a wildcard. */
export function exactOnly(patterns: readonly string[]): readonly string[] | null {
  return allKnown(patterns.map((pattern) => (/[*?]/.test(pattern) ? null : pattern)));
}
