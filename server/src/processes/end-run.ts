import { setTimeout as sleep } from "node:timers/promises";
import { bounds, type Containment, type InterventionEffect, type ProcessResult, type SurvivalReason } from "@pullcord/sdk/protocol";
import type { Grade } from "./containment/grade.js";
import { commandLine } from "./command-line.js";
import { gradeOf } from "./containment/index.js";
import { Members } from "./members.js";
import type { ProcessInfo } from "./process-info.js";
import { userOf } from "./proc.js";
import type { RunTarget } from "./run-target.js";
import { signal } from "./signal.js";

export interface EndOptions {
  /** Time between the request to end and the end by force, in milliseconds. */
  readonly graceMs?: number;
  /** When to give up and name the survivors, in milliseconds. */
  readonly deadlineMs?: number;
}

/** What came of ending a run on this machine. */
export interface Ending {
  readonly containment: Containment;
  /** Processes that were there and are gone. */
  readonly ended: number;
  /** What is still there, as `pid command`. Never empty when something is known to live. */
  readonly survivors: string[];
  /** Processes that may belong to the run and can't be told from strangers. */
  readonly unknown: number;
  readonly tookMs: number;
  readonly processes: ProcessResult[];
}

/** Enough for a program to put its terminal and its files in order, and for nothing else. */
const defaultGraceMs = 100;
/** Below the 5 s of E5, so that the report is in by then. */
const defaultDeadlineMs = 4_500;
const lookEveryMs = 5;
/** How long what was ended by force may take to be gone before it is looked for again, in milliseconds. */
const forceMs = 200;
/** Two empty looks in a row, so that a fork between looking and reading is seen. */
const emptyLooks = 2;
const mostFreezingRounds = 50;
const mostTidyingTries = 20;

/**
 * Ends every process of a run: freezes them, so that none starts another while they are counted; asks each to end;
 * after the grace ends them by force, again and again until nothing is left, or until the deadline (E5).
 */
export async function endRun(
  target: RunTarget,
  { graceMs = defaultGraceMs, deadlineMs = defaultDeadlineMs }: EndOptions = {},
): Promise<Ending> {
  const ending = new RunEnding(target);
  ending.freeze();
  ending.ask();
  await ending.waitUntilGone(Math.min(graceMs, deadlineMs));
  await ending.endUntilGone(deadlineMs);
  const result = ending.result();
  await ending.tidy();
  return result;
}

/** Makes every process of a run stand still. Gives how many. */
export function freezeRun(target: RunTarget): number {
  return new RunEnding(target).freeze();
}

/** Lets every process of a run go on. Gives how many. */
export function thawRun(target: RunTarget): number {
  return new RunEnding(target).thaw();
}

/** Asks the command to end, and what it runs in the foreground: whatever Ctrl+C in its terminal would reach. */
export function askRun(target: RunTarget): void {
  const ending = new RunEnding(target);
  ending.freeze();
  ending.ask(({ group }) => group === target.root?.pid);
}

/** The living processes of a run. */
export function findMembers(target: RunTarget): ProcessInfo[] {
  return new Members(target).look();
}

/** A line of the receipt. Stopped is said only when nothing is left and nothing is unknown. */
export function effectOf({ ended, ...ending }: Ending): Omit<InterventionEffect, "runId" | "at" | "by"> {
  const isProven = ending.survivors.length === 0 && ending.unknown === 0;
  return { step: isProven ? "ended" : "unproven", processesEnded: ended, ...ending };
}

const orderSignals = { freeze: "SIGSTOP", thaw: "SIGCONT", end: "SIGKILL" } as const;
type Order = keyof typeof orderSignals;

class RunEnding {
  readonly #target: RunTarget;
  readonly #grade: Grade;
  readonly #members: Members;
  readonly #startedAt = performance.now();
  readonly #gone = new Map<string, { readonly outcome: "asked" | "killed"; readonly afterMs: number }>();
  #isForced = false;

  constructor(target: RunTarget) {
    this.#target = target;
    this.#grade = gradeOf(target.place?.kind);
    this.#members = new Members(target);
  }

  /** Looks again until a look finds nobody new, since what is not frozen yet may fork. */
  freeze(): number {
    const frozen = new Set<string>();
    for (let round = 0; round < mostFreezingRounds; round += 1) {
      const living = this.#look();
      const fresh = living.filter((each) => !frozen.has(keyOf(each)));
      if (fresh.length === 0) break;
      const inside = this.#tell("freeze", living, fresh);
      for (const each of fresh) frozen.add(keyOf(each));
      if (this.#grade.freezesAtOnce && inside.size === living.length) break;
    }
    return frozen.size;
  }

  thaw(): number {
    const living = this.#look();
    this.#tell("thaw", living, living);
    return living.length;
  }

  /** To be called while they stand still. @param only those that are asked; all others just go on */
  ask(only: (each: ProcessInfo) => boolean = () => true): void {
    const living = this.#members.remaining();
    const inside = this.#inside(living);
    // What made a namespace and waits outside it would take it along at once.
    const isWrapper = ({ pid }: ProcessInfo) => inside.size > 0 && pid === this.#target.root?.pid && !inside.has(pid);
    for (const each of living) if (only(each) && !isWrapper(each)) signal(each, "SIGTERM");
    this.#tell("thaw", living, living);
  }

  async waitUntilGone(atMs: number): Promise<void> {
    while (this.#noted(this.#members.remaining()).length > 0 && this.#afterMs() < atMs) await sleep(lookEveryMs);
  }

  async endUntilGone(atMs: number): Promise<void> {
    for (let empty = 0; this.#afterMs() < atMs;) {
      // What forks faster than it is found stands still first.
      if (this.freeze() === 0) empty += 1;
      else empty = 0;
      if (empty >= (this.#grade.freezesAtOnce ? 1 : emptyLooks)) return;
      this.#isForced = true;
      const living = this.#members.remaining();
      this.#tell("end", living, living);
      await this.waitUntilGone(Math.min(this.#afterMs() + forceMs, atMs));
    }
  }

  result(): Ending {
    const living = this.#noted(this.#members.remaining());
    const unknown = this.#members.unknown();
    const { seen } = this.#members;
    const alive = new Set(living.map(keyOf));
    const processes: ProcessResult[] = [
      ...living.map((each) => ({ ...told(each), outcome: "survived", why: whyAlive(each) }) as const),
      ...unknown.map((each) => ({ ...told(each), outcome: "unknown", why: "orphan" }) as const),
      ...seen.filter((each) => !alive.has(keyOf(each))).map((each) => ({ ...told(each), ...this.#endOf(each) })),
    ];
    return {
      containment: this.#grade.kind,
      ended: seen.length - living.length,
      survivors: living.map(nameOf),
      unknown: unknown.length,
      tookMs: this.#afterMs(),
      processes: processes.slice(0, bounds.processResults),
    };
  }

  /** Takes the empty place away; the system lets go of it a moment after its last process has ended. */
  async tidy(): Promise<void> {
    const { place } = this.#target;
    if (!place || this.#members.remaining().length > 0) return;
    for (let tries = 0; tries < mostTidyingTries && !this.#grade.remove(place); tries += 1) await sleep(lookEveryMs);
  }

  #look(): ProcessInfo[] {
    return this.#noted(this.#members.look());
  }

  /** Whoever is missing from the living since the last time has just ended. */
  #noted(living: ProcessInfo[]): ProcessInfo[] {
    const alive = new Set(living.map(keyOf));
    for (const each of this.#members.seen) {
      const key = keyOf(each);
      if (!alive.has(key) && !this.#gone.has(key)) this.#gone.set(key, this.#now());
    }
    return living;
  }

  #endOf(each: ProcessInfo) {
    return this.#gone.get(keyOf(each)) ?? this.#now();
  }

  #now() {
    return { outcome: this.#isForced ? "killed" : "asked", afterMs: this.#afterMs() } as const;
  }

  /**
   * What the place holds is told through the place; whoever is found outside it gets the signal by itself.
   * @returns what the place holds
   */
  #tell(order: Order, living: readonly ProcessInfo[], addressed: readonly ProcessInfo[]): ReadonlySet<number> {
    const { place } = this.#target;
    const inside = this.#inside(living);
    const held = living.filter(({ pid }) => inside.has(pid));
    if (place) this.#grade[order](place, held);
    for (const each of addressed) if (!inside.has(each.pid)) signal(each, orderSignals[order]);
    return inside;
  }

  #inside(living: readonly ProcessInfo[]): ReadonlySet<number> {
    const { place } = this.#target;
    return place ? this.#grade.list(place, living) : new Set();
  }

  #afterMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}

function keyOf({ pid, startedAt }: ProcessInfo): string {
  return `${pid} ${startedAt}`;
}

function told(each: ProcessInfo) {
  return { pid: each.pid, command: commandLine(each.words) };
}

function whyAlive({ pid, state }: ProcessInfo): SurvivalReason {
  if (state === "D") return "uninterruptible";
  const own = process.getuid?.();
  return own === undefined || own === 0 || userOf(pid) === own ? "still_running" : "other_user";
}

function nameOf(each: ProcessInfo): string {
  return `${each.pid} ${commandLine(each.words)}`;
}
