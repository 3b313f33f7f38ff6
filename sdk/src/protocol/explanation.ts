import type { Action } from "./action.js";
import type { Effect } from "./decision.js";

/** What can be varied about a decision, one thing at a time, in the order in which explanations name it. */
export const changeKinds = [
  "intervention",
  "break_glass",
  "autonomy",
  "trust",
  "rule",
  "model_review",
  "threshold",
  "approval_level",
  "guardrail",
  "environment",
  "claim",
  "factor",
  "alternative",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One thing that would have led to another answer, everything else being as it was; worked out by deciding again. */
export interface WhatWouldChange {
  readonly kind: ChangeKind;
  /** "At the autonomy level notify this would have run, and people would have been told." May hold agents' text. */
  readonly sentence: string;
  readonly effect: Effect;
  /** The rule or setting of the policy that it is about. */
  readonly rule?: string;
  /** Its line in the policy file, from 1. */
  readonly line?: number;
}

/** Why an action was decided as it was, and what would have changed that. For people: no agent is told. */
export interface Explanation {
  /** With the decision, its reasons and their lines. */
  readonly action: Action;
  readonly policy: {
    /** The file that the lines are of; null for the built-in policy. */
    readonly file: string | null;
    /** True when another version is in force now: the lines are those of the version that decided. */
    readonly hasChanged: boolean;
  };
  /** The smallest changes that would have given another effect. */
  readonly wouldChange: readonly WhatWouldChange[];
  /** What has to be known beside that: why nothing would have changed it, what has changed since. Sentences. */
  readonly notes: readonly string[];
  /** What would be decided by what holds now, where that is another effect than then, or nothing is decided yet. */
  readonly today: { readonly effect: Effect; readonly sentence: string } | null;
}
