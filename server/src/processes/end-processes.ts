import { setTimeout as sleep } from "node:timers/promises";
import { findProcesses, type ProcessTarget } from "./find-processes.js";
import type { ProcessInfo } from "./process-info.js";

export interface EndOptions {
  /** Time between the request to end and the end by force, in milliseconds. */
  readonly graceMs?: number;
  /** When to give up and name the survivors, in milliseconds. */
  readonly deadlineMs?: number;
}

export interface Ended {
  /** Processes that were there and are gone. */
  readonly ended: number;
  /** What is still there, as `pid command`. Never empty when something is known to live. */
  readonly survivors: string[];
  readonly tookMs: number;
}

const defaultGraceMs = 1_500;
/** Below the 5 s of E5, so that the report is in by then. */
const defaultDeadlineMs = 4_500;
const lookEveryMs = 20;
/** Two empty looks in a row, so that a fork between looking and reading is seen. */
const emptyLooks = 2;
const longestName = 120;

/**
 * Ends every process of a target: freezes them, so that none starts another while they are counted; asks each to end;
 * after the grace ends them by force, again and again until two looks in a row find none, or until the deadline.
 * A process that cleared the marker, left the group and lost its parent can't be found this way.
 */
export async function endProcesses(
  target: ProcessTarget,
  { graceMs = defaultGraceMs, deadlineMs = defaultDeadlineMs }: EndOptions = {},
): Promise<Ended> {
  const startedAt = Date.now();
  const seen = new Map<number, ProcessInfo>();
  const look = () => {
    const living = findProcesses(target, seen);
    for (const each of living) seen.set(each.pid, each);
    return living;
  };
  freezeAll(look);
  for (const each of look()) {
    signal(each, "SIGTERM");
    signal(each, "SIGCONT");
  }
  await goneBy(look, startedAt + Math.min(graceMs, deadlineMs));
  await killUntil(look, startedAt + deadlineMs);
  const living = look();
  return { ended: seen.size - living.length, survivors: living.map(nameOf), tookMs: Date.now() - startedAt };
}

/** Pauses or resumes every process of a target. Gives how many it reached. */
export function signalProcesses(target: ProcessTarget, name: "SIGSTOP" | "SIGCONT"): number {
  const look = () => findProcesses(target);
  if (name === "SIGSTOP") return freezeAll(look);
  const living = look();
  for (const each of living) signal(each, name);
  return living.length;
}

/** Looks again until a look finds nobody new, since what is not frozen yet may fork. */
function freezeAll(look: () => ProcessInfo[]): number {
  const frozen = new Set<number>();
  for (let round = 0; round < mostFreezingRounds; round += 1) {
    const fresh = look().filter(({ pid }) => !frozen.has(pid));
    if (fresh.length === 0) break;
    for (const each of fresh) {
      signal(each, "SIGSTOP");
      frozen.add(each.pid);
    }
  }
  return frozen.size;
}

const mostFreezingRounds = 50;

async function goneBy(look: () => ProcessInfo[], at: number): Promise<void> {
  while (look().length > 0 && Date.now() < at) await sleep(lookEveryMs);
}

async function killUntil(look: () => ProcessInfo[], at: number): Promise<void> {
  for (let empty = 0; empty < emptyLooks && Date.now() < at;) {
    const living = look();
    empty = living.length === 0 ? empty + 1 : 0;
    for (const each of living) signal(each, "SIGKILL");
    if (empty < emptyLooks) await sleep(lookEveryMs);
  }
}

function signal({ pid }: ProcessInfo, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, or another user's: the next look tells.
  }
}

function nameOf({ pid, words }: ProcessInfo): string {
  return `${pid} ${words.join(" ").slice(0, longestName)}`;
}
