import { allProcesses } from "./all-processes.js";
import { gradeOf } from "./containment/index.js";
import { isBefore, type ProcessInfo } from "./process-info.js";
import { carries, environmentOf, holdsFile, readProcess, userOf } from "./proc.js";
import type { RunTarget } from "./run-target.js";

const firstProcess = 1;

/** The processes of one run, looked for again and again. What was seen once is known by number and start. */
export class Members {
  readonly #target: RunTarget;
  readonly #seen = new Map<number, ProcessInfo>();
  /** Looked into, and nothing of the run: a process gets the run's mark only from one that has it. */
  readonly #strangers = new Map<number, string>();

  constructor(target: RunTarget) {
    this.#target = target;
  }

  /** Everything that was found so far, with its command line. */
  get seen(): readonly ProcessInfo[] {
    return [...this.#seen.values()];
  }

  /** Those that live now. Never this process, one that it descends from, or the system's first. */
  look(): ProcessInfo[] {
    return this.#find(allProcesses());
  }

  /** Those seen before that still live: a few reads, where a look reads every process there is. */
  remaining(): ProcessInfo[] {
    if (process.platform !== "linux") return this.look();
    return this.seen.flatMap((each) => {
      const now = readProcess(each.pid);
      return now?.startedAt === each.startedAt ? [{ ...each, state: now.state }] : [];
    });
  }

  /**
   * Orphans that started since the run did and that nothing ties to it or to anybody else. One that cleared its
   * environment, closed what it was given, began a session and lost its parent looks like this; so do some strangers.
   */
  unknown(): ProcessInfo[] {
    const { since, place, adopters = [] } = this.#target;
    if (since === undefined || gradeOf(place?.kind).kind !== "marker") return [];
    const all = allProcesses();
    const ours = new Set(this.#find(all).map(({ pid }) => pid));
    const byPid = new Map(all.map((each) => [each.pid, each]));
    return all.filter((each) => {
      if (ours.has(each.pid) || each.pid === process.pid || isBefore(each.startedAt, since)) return false;
      if (each.parent !== firstProcess && !adopters.includes(each.parent)) return false;
      const leader = byPid.get(each.session);
      const isInOldSession = leader !== undefined && isBefore(leader.startedAt, since);
      return !isInOldSession && !hasOtherOrigin(each);
    });
  }

  #find(all: readonly ProcessInfo[]): ProcessInfo[] {
    const spared = sparedAmong(all);
    const held = this.#heldAmong(all);
    const reused = new Set(all.filter((each) => this.#isReused(each)).map(({ pid }) => pid));
    const found = new Map<number, ProcessInfo>();
    for (const each of all) if (!spared.has(each.pid) && (held.has(each.pid) || this.#isOurs(each))) found.set(each.pid, each);
    // Each round adds one more generation, or what a new one leads; a tree is never deeper than there are processes.
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const each of all) {
        if (!spared.has(each.pid) && (found.has(each.parent) || this.#isLed(each, found, reused))) found.set(each.pid, each);
      }
    }
    for (const each of found.values()) this.#remember(each);
    return [...found.values()];
  }

  #heldAmong(all: readonly ProcessInfo[]): ReadonlySet<number> {
    const { place } = this.#target;
    return place ? gradeOf(place.kind).list(place, all) : new Set();
  }

  #isOurs({ pid, startedAt, environment }: ProcessInfo): boolean {
    const { root } = this.#target;
    if (pid === root?.pid && startedAt === root.startedAt) return true;
    if (this.#seen.get(pid)?.startedAt === startedAt) return true;
    if (this.#strangers.get(pid) === startedAt) return false;
    const isOurs = this.#isMarked(pid, environment) || this.#holdsOurFile(pid, startedAt);
    if (!isOurs) this.#strangers.set(pid, startedAt);
    return isOurs;
  }

  #isMarked(pid: number, environment: string | undefined): boolean {
    const { marker } = this.#target;
    if (!marker) return false;
    return environment === undefined ? carries(pid, marker) : ` ${environment} `.includes(` ${marker.name}=${marker.value} `);
  }

  #holdsOurFile(pid: number, startedAt: string): boolean {
    const { heldFile, since } = this.#target;
    return heldFile !== undefined && !(since !== undefined && isBefore(startedAt, since)) && holdsFile(pid, heldFile);
  }

  /** A process of the run has ended, and its number is a stranger's now. */
  #isReused({ pid, startedAt }: ProcessInfo): boolean {
    const seen = this.#seen.get(pid);
    return seen !== undefined && seen.startedAt !== startedAt;
  }

  /** In a group or session whose leader is, or was, of the run. A number is not given away while its group lives. */
  #isLed({ group, session }: ProcessInfo, found: ReadonlyMap<number, ProcessInfo>, reused: ReadonlySet<number>): boolean {
    return [group, session].some((id) => id > firstProcess && (found.has(id) || (this.#seen.has(id) && !reused.has(id))));
  }

  #remember(each: ProcessInfo): void {
    if (this.#seen.get(each.pid)?.startedAt === each.startedAt) return;
    const { pid, parent, group, session, state, startedAt, words } = each;
    this.#seen.set(pid, { pid, parent, group, session, state, startedAt, words });
  }
}

/** What a target says is partly an agent's word: it never makes us end ourselves, or what we descend from. */
function sparedAmong(all: readonly ProcessInfo[]): ReadonlySet<number> {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const spared = new Set([firstProcess]);
  for (let pid: number | undefined = process.pid; pid !== undefined && pid > 0 && !spared.has(pid); pid = parents.get(pid)) spared.add(pid);
  return spared;
}

/** Another user's, or with the environment of a login and without the run's mark: started by somebody else. */
function hasOtherOrigin({ pid, environment }: ProcessInfo): boolean {
  const own = process.getuid?.();
  if (environment === undefined && own !== 0 && userOf(pid) !== own) return true;
  return environment === undefined ? environmentOf(pid).has("HOME") : environment.includes(" HOME=");
}
