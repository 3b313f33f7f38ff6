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
  /** Where its environment lies in its memory: elsewhere once it has begun another program. `0` where that can't be seen (Linux). */
  readonly environmentAt?: string;
  /** The command line; attacker-controlled. Read when it is asked for: just the name once the process is gone. */
  readonly words: readonly string[];
  /** Where the system shows it only along with the process (macOS). */
  readonly environment?: string;
}

/** True when the first moment is before the second, both as the system counts them: ticks (Linux) or a date (macOS). */
export function isBefore(first: string, second: string): boolean {
  const count = (moment: string) => (/^\d+$/.test(moment) ? Number(moment) : Date.parse(moment));
  return count(first) < count(second);
}
