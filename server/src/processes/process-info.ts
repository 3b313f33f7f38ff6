/** A running process, as much of it as ending it needs. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The system's letter, `T` for one that stands still. */
  readonly state: string;
  /** Tells this process from a later one with the same id. */
  readonly startedAt: string;
  /** The command line; attacker-controlled. */
  readonly words: readonly string[];
  /** Where the system shows it only along with the process (macOS). */
  readonly environment?: string;
}
