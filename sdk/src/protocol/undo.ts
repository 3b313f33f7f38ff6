import type { Actor } from "./approval.js";

/** What is to be taken back: a run, one action, or an earlier undo (which is a redo). Exactly one of the three. */
export interface UndoScope {
  readonly run?: string;
  readonly action?: string;
  readonly undo?: string;
  /** Of a run: only what came after this action. */
  readonly to?: string;
  /** Only these files and folders, absolute or from the workspace's root, or other paths as a preview shows them, and what is below. */
  readonly only?: readonly string[];
}

/** Undoes, if it is still what the preview showed. */
export interface MakeUndo extends UndoScope {
  /** Of the preview; without it whatever the plan is by now is done. */
  readonly digest?: string;
  readonly reason?: string;
}

/** What can be put back: files, the effects of a command, rows of a database, keys of a configuration, what a program registered. */
export type UndoKindName = "file" | "command" | "database" | "config" | "custom";

/** One thing that was changed, or will be. */
export interface PathChange {
  readonly of: UndoKindName;
  /**
   * Where it is. Of a file: from the workspace's root, absolute outside of it. Of a row: `DATABASE/TABLE/KEY`; of a
   * configuration: `FILE/KEY`; of others: the name that their kind gives them.
   */
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
  /** In words: what stands there before and after. */
  readonly sentence: string;
  /** The hunks of a unified diff, of a row one line for each column; null where there is nothing to compare, or too much. */
  readonly diff: string | null;
  /**
   * What undo runs for it: statements, a command. Empty where it writes a file. Of a change that is only told: the command that
   * reverts it, as it was recorded right after (E23); empty for files and rows, and where there is none.
   */
  readonly runs: readonly string[];
  /** The actions that may have changed it, oldest first; empty in a preview. */
  readonly actionIds: readonly string[];
}

/** Something that is left as it is, and why. */
export interface PathLeft {
  readonly of: UndoKindName;
  /** As in a change. */
  readonly path: string;
  readonly sentence: string;
}

/** Everything that a run changed and that was seen (A18, A19). */
export interface RunChanges {
  readonly runId: string;
  readonly changes: readonly PathChange[];
  /** What no snapshot holds, in sentences; empty when there is nothing to say. */
  readonly notKept: readonly string[];
  /** Whether a person has decided what becomes of them: kept, discarded or left. */
  readonly isReviewed: boolean;
}

/** What an undo would do now (A21). */
export interface UndoPreview {
  readonly runId: string;
  readonly kind: "undo" | "redo";
  /** SHA-256 over the plan, hex: sent along, the undo does this or nothing. */
  readonly digest: string;
  readonly changes: readonly PathChange[];
  /** What somebody changed since, so that it stays. */
  readonly conflicts: readonly PathLeft[];
  readonly notKept: readonly string[];
}

/** An undo, or the undo of an undo: a human act, on record (E26, E29). */
export interface Undo {
  /** `u` and nine letters or digits. */
  readonly id: string;
  readonly runId: string;
  readonly kind: "undo" | "redo";
  readonly of: UndoScope;
  readonly by: Actor;
  readonly at: number;
  readonly reason?: string;
  /** `failed`: a step could not be done, so nothing was changed. */
  readonly status: "running" | "done" | "failed";
  readonly endedAt?: number;
  /** Paths that were put back, in the order in which that happened. */
  readonly restored: readonly string[];
  readonly conflicts: readonly PathLeft[];
  /** Paths that looked different right after they had been put back. */
  readonly unverified: readonly string[];
  /** Paths that were put back while a program had what stood there open for writing, and which; left out when none was seen. */
  readonly heldOpen?: readonly PathLeft[];
  readonly failure?: string;
}
