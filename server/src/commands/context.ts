import type { Actor, Mode, ProcessIdentity, RunningProcesses, RunProcess } from "@pullcord/sdk/protocol";
import type { Policy } from "../domain/policy/policy.js";
import type { Read, Surroundings } from "../domain/reading.js";
import type { Reviewer } from "../domain/review.js";
import type { RowsTask, Snapshots } from "../domain/snapshots.js";
import type { IdKind } from "../store/ids.js";
import type { Reader, Transaction } from "../store/transaction.js";
import type { SignsOfLife } from "./signs-of-life.js";
import type { UnrecordedStops } from "./unrecorded-stops.js";

/** What commands need from outside; wired by app.ts. */
export interface Outside {
  readonly mode: Mode;
  /** The action policy in force. */
  readonly policy: () => Policy;
  /** The policy that runs beside it and only logs; null while there is none. */
  readonly shadow: () => Policy | null;
  readonly read: Read;
  /** The machine as seen from a run's working directory. */
  readonly surroundings: (workingDirectory: string | null) => Surroundings;
  /** Asks a model for its second look; asked only where the policy says so. */
  readonly reviewer: Reviewer;
  readonly killFilePresent: () => boolean;
  /** Stops that hold although the database could not keep them. */
  readonly unrecorded: UnrecordedStops;
  readonly signsOfLife: SignsOfLife;
  /** A random id: the kind's letter and nine of 32 letters and digits, 45 bits. */
  readonly newId: (kind: IdKind) => string;
  /** 256 random bits, base64url. */
  readonly newSecret: () => string;
  /** A whole number from `from` up to, not including, `to`. */
  readonly random: (from: number, to: number) => number;
  /** Keeps what actions change and programs hand in, and brings it back. */
  readonly snapshots: Snapshots;
  /** Previews the rows that an action would change, beside everything else; reports by itself. */
  readonly previewRows: (task: RowsTask) => void;
  /** Ends a run's processes after the stop is on record; reports by itself. */
  readonly endProcesses: (task: ProcessTask) => void;
  /** The same for a run that had finished; says nothing where nothing is left. */
  readonly endLeftProcesses: (task: ProcessTask) => void;
  /** Makes a run's processes stand still after the pause is on record; reports by itself. */
  readonly freezeProcesses: (task: ProcessTask) => void;
  readonly thawProcesses: (task: Omit<ProcessTask, "interventionId">) => void;
  /** A run's processes as they are now. */
  readonly lookAtProcesses: (runId: string, process: RunProcess) => RunningProcesses;
  /** True when it is certain that a process is gone. */
  readonly isGone: (identity: ProcessIdentity) => boolean;
  /** Ends what a dead supervisor left of a run. @returns what came of it, in a sentence */
  readonly endLost: (runId: string, process: RunProcess) => Promise<string>;
}

/** What is looked at without writing: before a transaction, and in one. */
export interface LookContext {
  readonly tx: Reader;
  readonly now: number;
  readonly actor: Actor;
  readonly outside: Outside;
}

/** A run's processes, as it named them, and the intervention that is about them. */
export interface ProcessTask {
  readonly runId: string;
  readonly interventionId: string;
  readonly process: RunProcess;
}

/** What a command works with. It decides, writes and appends to the log; what looks at the machine is done in `lookAhead`. */
export interface CommandContext extends LookContext {
  readonly tx: Transaction;
  /** When the caller asked; `now` is when the command had its turn. */
  readonly askedAt: number;
  /** Runs after the commit, and not at all without one. */
  readonly afterCommit: (effect: () => void) => void;
}

/** One verb, one transaction. */
export interface Command<Input, Output, Ahead = undefined> {
  (context: CommandContext, input: Input, ahead?: Ahead): Promise<Output>;
  /**
   * Finds out, before the one writer's turn, what would make all others wait: the machine is looked at here.
   * What is stored may have changed by the time the command runs, so the command loads it again.
   */
  lookAhead?: (context: LookContext, input: Input) => Promise<Ahead | undefined>;
  /** How a repeated call is answered where time may have made the kept answer wrong: from what is there now. */
  again?: (context: CommandContext, kept: Output) => Promise<Output>;
  /** True for what overtakes all that waits, unless an agent asks for it. */
  isUrgent?: (input: Input) => boolean;
}
