/**
 * How the processes of a run are held together, weakest first; decides what a stop can promise (docs/stop.md). From
 * `bubblewrap` on, nothing that the run starts can leave, and a stop proves that nothing is left.
 */
export const containments = ["none", "process_group", "marker", "bubblewrap", "namespace", "freezer", "scope", "cgroup"] as const;
export type Containment = (typeof containments)[number];

export const containmentWords: Readonly<Record<Containment, string>> = {
  none: "not contained",
  process_group: "found by group and mark",
  marker: "found by their mark, not contained",
  bubblewrap: "contained by bubblewrap",
  namespace: "contained by a PID namespace",
  freezer: "contained by a v1 control group",
  scope: "contained by a systemd scope",
  cgroup: "contained by a control group",
};

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own count. */
  readonly startedAt: string;
  /** The machine, its start and its process numbers: the pid means nothing anywhere else. */
  readonly machine: string;
}

/** Where the processes of a contained run are. */
export interface ContainmentPlace {
  readonly kind: Containment;
  /** The folder of a control group. */
  readonly folder?: string;
  /** The first process of a PID namespace, as seen from outside: with it, all end. */
  readonly init?: ProcessIdentity;
}

/**
 * What came of one process at a stop.
 * - `asked`: it ended by itself when it was asked to
 * - `killed`: it was ended by force
 * - `survived`: it is still there; `why` says what is known of it
 * - `unknown`: it may belong to the run and can't be told from a stranger, so it was left alone
 */
export const processOutcomes = ["asked", "killed", "survived", "unknown"] as const;
export type ProcessOutcome = (typeof processOutcomes)[number];

export const survivalReasons = ["uninterruptible", "other_user", "still_running", "orphan"] as const;
export type SurvivalReason = (typeof survivalReasons)[number];

/** What a process does: it works, waits, waits for a device and can't be interrupted, stands still, or has no name for it. */
export const processStates = ["working", "waiting", "uninterruptible", "frozen", "other"] as const;
export type ProcessState = (typeof processStates)[number];

/** A living process of a run. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its command line, cut at `limits.commandLineLength`; attacker-controlled, so shown escaped. */
  readonly command: string;
  readonly state: ProcessState;
}

/** The processes of a run as they are now (E59). */
export interface RunningProcesses {
  /** Parents before their children. */
  readonly items: readonly RunningProcess[];
  /** Why they can't be seen from here, or not all of them; null where nothing is known to be missing. */
  readonly unseen: string | null;
}

export interface ProcessResult {
  readonly pid: number;
  /** Its command line, cut at `limits.commandLineLength`; attacker-controlled, so shown escaped. */
  readonly command: string;
  readonly outcome: ProcessOutcome;
  /** From the moment the machine began to end the run until this process was seen to be gone, in milliseconds. */
  readonly afterMs?: number;
  readonly why?: SurvivalReason;
}
