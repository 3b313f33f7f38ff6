import type { Journals } from "../journals.js";
import type { Operation } from "./operations.js";
import type { Conflict, PlannedChange } from "./plan.js";

/** An undo of files on disk. */
export interface UndoJournal {
  readonly id: string;
  readonly root: string;
  readonly changes: readonly PlannedChange[];
  readonly steps: readonly Operation[];
  /** Steps that are done for certain; the next one may be. */
  readonly done: number;
  /** `backing_out` after a step failed, or a part of another kind: the done ones are taken back. */
  readonly state: "running" | "backing_out" | "done" | "backed_out";
  /** Found on the way; steps of these paths were not done. */
  readonly conflicts: readonly Conflict[];
  /** Why it was backed out. */
  readonly failure?: string;
}

export type UndoJournals = Journals<UndoJournal>;
