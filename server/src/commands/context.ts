import type { Actor, Mode, RunProcess } from "@pullcord/sdk/protocol";
import type { Policy } from "../domain/policy/policy.js";
import type { Read, Surroundings } from "../domain/reading.js";
import type { IdKind } from "../store/ids.js";
import type { Transaction } from "../store/transaction.js";

/** What commands need from outside; wired by app.ts. */
export interface Outside {
  readonly mode: Mode;
  /** The action policy in force. */
  readonly policy: () => Policy;
  readonly read: Read;
  /** The machine as seen from a run's working directory. */
  readonly surroundings: (workingDirectory: string | null) => Surroundings;
  readonly killFilePresent: () => boolean;
  /** A random id: the kind's letter and nine of 32 letters and digits, 45 bits. */
  readonly newId: (kind: IdKind) => string;
  /** 256 random bits, base64url. */
  readonly newSecret: () => string;
  /** A whole number from `from` up to, not including, `to`. */
  readonly random: (from: number, to: number) => number;
  /** Ends a run's processes after the stop is on record; reports by itself. */
  readonly endProcesses: (target: { readonly runId: string; readonly interventionId: string; readonly process: RunProcess }) => void;
}

/** What a command works with. It reads, decides, writes and appends to the log; it does no I/O of its own. */
export interface CommandContext {
  readonly tx: Transaction;
  readonly now: number;
  readonly actor: Actor;
  readonly outside: Outside;
  /** Runs after the commit, and not at all without one. */
  readonly afterCommit: (effect: () => void) => void;
}

/** One verb, one transaction. */
export interface Command<Input, Output> {
  (context: CommandContext, input: Input): Promise<Output>;
  /** How a repeated call is answered where time may have made the kept answer wrong: from what is there now. */
  again?: (context: CommandContext, kept: Output) => Promise<Output>;
}
