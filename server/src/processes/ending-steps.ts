import { setTimeout as sleep } from "node:timers/promises";
import { bounds, type Containment, type ProcessResult, type SurvivalReason } from "@pullcord/sdk/protocol";
import type { Grade } from "./containment/grade.js";
import { commandLine } from "./command-line.js";
import { gradeOf } from "./containment/index.js";
import type { Lookout } from "./lookout.js";
import { Members } from "./members.js";
import type { ProcessInfo } from "./process-info.js";
import { userOf } from "./proc.js";
import type { RunTarget } from "./run-target.js";
import { signal } from "./signal.js";

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

/** What was told to end is looked after at once, and then less and less often, in milliseconds: where many runs end, looking holds them up. */
const lookAfterMs = { first: 2, most: 20 } as const;
/** How long what was ended by force may take to be gone before it is looked for again, in milliseconds. */
const forceMs = 200;
/** Two empty looks in a row, so that a fork between looking and reading is seen. */
const emptyLooks = 2;
const mostFreezingRounds = 50;
const mostTidyingTries = 20;

const orderSignals = { freeze: "SIGSTOP", thaw: "SIGCONT", end: "SIGKILL" } as const;
type Order = keyof typeof orderSignals;

/** Ends one run, step by step; `endRun` says in which order. */
export class EndingSteps {
  readonly #target: RunTarget;
  readonly #lookout: Lookout;
  readonly #grade: Grade;
  readonly #members: Members;
  readonly #startedAt = performance.now();
  readonly #gone = new Map<string, { readonly outcome: "asked" | "killed"; readonly afterMs: number }>();
  readonly #asked = new Set<string>();
  readonly #frozen = new Set<string>();
  /** Everything that ran when it was last looked through for what has strayed. */
  #all: readonly ProcessInfo[] = [];
  /** How many times in a row nothing of the run was there. */
  #emptyLooks = 0;
  #isForced = false;

  constructor(target: RunTarget, lookout: Lookout) {
    this.#target = target;
    this.#lookout = lookout;
    this.#grade = gradeOf(target.place?.kind);
    this.#members = new Members(target, lookout);
  }

  afterMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** What is known of the run: a few reads, also on a machine where much runs. */
  readonly nearby = () => Promise.resolve(this.#noted(this.#members.nearby()));

  /** All that is of the run among everything that runs; looked through together with others who end a run. */
  readonly anywhere = async () => this.#livingAmong(await this.#lookout.look());

  /** The same without waiting for others, so that nothing comes between. */
  readonly anywhereNow = () => this.#livingAmong(this.#lookout.lookNow());

  /** Looks again until a look finds nobody new, since what is not frozen yet may fork. */
  async freeze(look: () => Promise<readonly ProcessInfo[]>): Promise<void> {
    for (let round = 0; round < mostFreezingRounds; round += 1) if (!this.#freezeNew(await look())) return;
  }

  /** @returns how many stand still */
  freezeNow(): number {
    for (let round = 0; round < mostFreezingRounds; round += 1) if (!this.#freezeNew(this.anywhereNow())) break;
    return this.#frozen.size;
  }

  /** To be called while they stand still. Nobody is asked twice. @returns how many were asked */
  ask(only: (each: ProcessInfo) => boolean = () => true): number {
    const living = this.#members.remaining();
    const inside = this.#inside(living);
    // What made a namespace and waits outside it would take it along at once.
    const isWrapper = ({ pid }: ProcessInfo) => inside.size > 0 && pid === this.#target.root?.pid && !inside.has(pid);
    const asked = living.filter((each) => only(each) && !isWrapper(each) && !this.#asked.has(keyOf(each)));
    for (const each of asked) signal(each, "SIGTERM");
    for (const each of asked) this.#asked.add(keyOf(each));
    return asked.length;
  }

  goOn(): number {
    const living = this.#members.remaining();
    this.#tell("thaw", living, living);
    this.#frozen.clear();
    return living.length;
  }

  async waitUntilGone(atMs: number): Promise<void> {
    for (let pauseMs: number = lookAfterMs.first; this.#noted(this.#members.remaining()).length > 0 && this.afterMs() < atMs;) {
      await sleep(Math.min(pauseMs, atMs - this.afterMs()));
      pauseMs = Math.min(pauseMs * 2, lookAfterMs.most);
    }
  }

  /**
   * However late it is, what lives is ended by force once: the time limits how long is waited, not what is done. Where
   * much else runs, all of it may be over before the first turn comes.
   */
  async endUntilGone(atMs: number): Promise<void> {
    const enough = this.#grade.freezesAtOnce ? 1 : emptyLooks;
    for (let rounds = 0; this.#emptyLooks < enough && (rounds === 0 || this.afterMs() < atMs); rounds += 1) {
      const living = this.#members.remaining();
      if (living.length > 0) {
        this.#isForced = true;
        this.#tell("end", living, living);
        await this.waitUntilGone(Math.min(this.afterMs() + forceMs, atMs));
      }
      // What forks faster than it is found stands still first.
      await this.freeze(this.anywhere);
    }
  }

  result(): Ending {
    const living = this.#noted(this.#members.remaining());
    const unknown = this.#members.unknownAmong(this.#all);
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
      tookMs: this.afterMs(),
      processes: processes.slice(0, bounds.processResults),
    };
  }

  /** Takes the empty place away; the system lets go of it a moment after its last process has ended. */
  async tidy(): Promise<void> {
    const { place } = this.#target;
    if (!place || this.#members.remaining().length > 0) return;
    for (let tries = 0; tries < mostTidyingTries && !this.#grade.remove(place); tries += 1) await sleep(lookAfterMs.first);
  }

  #livingAmong(all: readonly ProcessInfo[]): ProcessInfo[] {
    this.#all = all;
    const living = this.#noted(this.#members.among(all));
    this.#emptyLooks = living.length === 0 ? this.#emptyLooks + 1 : 0;
    return living;
  }

  /** @returns whether there may be more, forked while they were told */
  #freezeNew(living: readonly ProcessInfo[]): boolean {
    const fresh = living.filter((each) => !this.#frozen.has(keyOf(each)));
    if (fresh.length === 0) return false;
    const inside = this.#tell("freeze", living, fresh);
    for (const each of fresh) this.#frozen.add(keyOf(each));
    return !this.#grade.freezesAtOnce || inside.size < living.length;
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
    return { outcome: this.#isForced ? "killed" : "asked", afterMs: this.afterMs() } as const;
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
