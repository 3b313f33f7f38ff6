import { PullcordError, type PathLeft, type TriedRows } from "@pullcord/sdk/protocol";
import type { KeptAction, PlannedKeep, RowsQuestion } from "../domain/snapshots.js";

/** The machine that agents work on, as far as what their actions change there can be looked at from here. */
export interface AgentsMachine {
  /** Whether this server runs on it. */
  readonly isHere: boolean;
  /**
   * Keeps what an action is about to change.
   * @returns what of its place can't be kept, in sentences, once for each run @throws PullcordError `unavailable` when it cannot be kept
   */
  before(action: KeptAction): Promise<readonly string[]>;
  /** Tries what SQL would do to rows there, and takes it back. @throws PullcordError `unavailable` with the reason */
  previewRows(question: RowsQuestion, signal: AbortSignal): Promise<TriedRows>;
  /** A run is opened there: the first look takes longest. */
  lookAhead(workingDirectory: unknown): void;
  /** What is not kept of a run that works there, or may not be whole, in sentences. */
  limitsOf(runId: string, workingDirectory: string | null): readonly string[];
  /** What a commit of the run's changes comes to; `others` are what it cannot hold. */
  planKeep(runId: string, workingDirectory: string | null, others: readonly PathLeft[]): Promise<PlannedKeep>;
}

/** Where agents work on another machine (remote mode), nothing of theirs can be looked at: no decision owes a snapshot. */
export const otherMachine: AgentsMachine = {
  isHere: false,
  before: () => Promise.reject(noSnapshotsHere()),
  previewRows: () => Promise.reject(noSnapshotsHere()),
  lookAhead: () => {},
  limitsOf: () => [
    "This server is not on the agents' machine (remote mode): files, effects of commands and rows that commands change are not kept, only what programs hand in.",
  ],
  planKeep: () => Promise.reject(noSnapshotsHere()),
};

export function noSnapshotsHere(): PullcordError {
  const text =
    "This server is not on the agents' machine (remote mode), so it keeps no snapshots of it, and no program handed in a way back: there is nothing that it could undo.";
  return new PullcordError("unavailable", "no_snapshots_here", text);
}
