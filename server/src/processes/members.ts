import { ancestorsOf } from "./ancestors.js";
import { gradeOf } from "./containment/index.js";
import type { Lookout } from "./lookout.js";
import { isBefore, type ProcessInfo } from "./process-info.js";
import { holdsFile, readProcess, readTree, userOf } from "./proc.js";
import type { RunTarget } from "./run-target.js";

const firstProcess = 1;

/** The processes of one run, looked for again and again. What was seen once is known by number and start. */
export class Members {
  readonly #target: RunTarget;
  readonly #lookout: Lookout;
  readonly #seen = new Map<number, ProcessInfo>();
  /** The numbers of those that were there when they were last looked at. */
  readonly #living = new Set<number>();
  /** Looked into, and without the run's file: a process gets it only from one that has it. */
  readonly #strangers = new Map<number, string>();

  constructor(target: RunTarget, lookout: Lookout) {
    this.#target = target;
    this.#lookout = lookout;
  }

  /** Everything that was found so far, with its command line. */
  get seen(): readonly ProcessInfo[] {
    return [...this.#seen.values()];
  }

  /** Those among everything that runs. Never this process, one that it descends from, or the system's first. */
  among(all: readonly ProcessInfo[]): ProcessInfo[] {
    const found = this.#find(all);
    this.#living.clear();
    for (const each of found) this.#remember(each);
    return found;
  }

  /** Those that are known without looking at everything that runs: what the place holds, what was seen before, and all below them. */
  nearby(): ProcessInfo[] {
    if (process.platform !== "linux") return [];
    const { root, place } = this.#target;
    const known = [root?.pid, place?.init?.pid, ...this.#heldAmong([]), ...this.#living];
    const found = this.#find([...readTree(known.filter((pid) => pid !== undefined)), ...ancestorsOf(process.pid)]);
    for (const each of found) this.#remember(each);
    return found;
  }

  /** Those seen before that still live: a few reads, where a look reads every process there is. */
  remaining(): ProcessInfo[] {
    if (process.platform !== "linux") return this.among(this.#lookout.lookNow());
    return [...this.#living].flatMap((pid) => {
      const before = this.#seen.get(pid);
      const now = readProcess(pid);
      if (before && now?.startedAt === before.startedAt) return [{ ...before, state: now.state }];
      this.#living.delete(pid);
      return [];
    });
  }

  /**
   * Orphans that started since the run did and that nothing ties to it or to anybody else. One that cleared its
   * environment, closed what it was given, began a session and lost its parent looks like this; so do some strangers.
   */
  unknownAmong(all: readonly ProcessInfo[]): ProcessInfo[] {
    const { since, place, adopters = [] } = this.#target;
    if (since === undefined || gradeOf(place?.kind).kind !== "marker") return [];
    const ours = new Set(this.#find(all).map(({ pid }) => pid));
    const byPid = new Map(all.map((each) => [each.pid, each]));
    return all.filter((each) => {
      if (ours.has(each.pid) || each.pid === process.pid || isBefore(each.startedAt, since)) return false;
      if (each.parent !== firstProcess && !adopters.includes(each.parent)) return false;
      const leader = byPid.get(each.session);
      const isInOldSession = leader !== undefined && isBefore(leader.startedAt, since);
      return !isInOldSession && !this.#hasOtherOrigin(each);
    });
  }

  #find(all: readonly ProcessInfo[]): ProcessInfo[] {
    const spared = sparedAmong(all);
    const held = this.#heldAmong(all);
    const reused = new Set(all.filter((each) => this.#isReused(each)).map(({ pid }) => pid));
    const found = new Map<number, ProcessInfo>();
    const add = (belongs: (each: ProcessInfo) => boolean) => {
      for (const each of all) if (!spared.has(each.pid) && !found.has(each.pid) && belongs(each)) found.set(each.pid, each);
    };
    const addFamily = () => {
      // Each round adds one more generation, or what a new one leads; a tree is never deeper than there are processes.
      for (let before = -1; before !== found.size;) {
        before = found.size;
        add((each) => found.has(each.parent) || this.#isLed(each, found, reused));
      }
    };
    add((each) => held.has(each.pid) || this.#isKnown(each));
    addFamily();
    // Looking into a process takes the longest: only into those that nothing else tells.
    add((each) => this.#isMarked(each));
    addFamily();
    return [...found.values()];
  }

  #heldAmong(all: readonly ProcessInfo[]): ReadonlySet<number> {
    const { place } = this.#target;
    return place ? gradeOf(place.kind).list(place, all) : new Set();
  }

  #isKnown({ pid, startedAt }: ProcessInfo): boolean {
    const { root } = this.#target;
    return (pid === root?.pid && startedAt === root.startedAt) || this.#seen.get(pid)?.startedAt === startedAt;
  }

  #isMarked(each: ProcessInfo): boolean {
    const { marker } = this.#target;
    return (marker !== undefined && this.#lookout.carries(each, marker)) || this.#holdsOurFile(each);
  }

  #holdsOurFile({ pid, startedAt }: ProcessInfo): boolean {
    const { heldFile, since } = this.#target;
    if (heldFile === undefined || (since !== undefined && isBefore(startedAt, since))) return false;
    if (this.#strangers.get(pid) === startedAt) return false;
    const isHolder = holdsFile(pid, heldFile);
    if (!isHolder) this.#strangers.set(pid, startedAt);
    return isHolder;
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
    this.#living.add(each.pid);
    if (this.#seen.get(each.pid)?.startedAt === each.startedAt) return;
    const { pid, parent, group, session, state, startedAt, words } = each;
    this.#seen.set(pid, { pid, parent, group, session, state, startedAt, words });
  }

  /** Another user's, or with the environment of a login and without the run's mark: started by somebody else. */
  #hasOtherOrigin(each: ProcessInfo): boolean {
    const { pid, environment } = each;
    const own = process.getuid?.();
    if (environment === undefined && own !== 0 && userOf(pid) !== own) return true;
    return environment === undefined ? this.#lookout.variablesOf(each).has("HOME") : environment.includes(" HOME=");
  }
}

/** What a target says is partly an agent's word: it never makes us end ourselves, or what we descend from. */
function sparedAmong(all: readonly ProcessInfo[]): ReadonlySet<number> {
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const spared = new Set([firstProcess]);
  for (let pid: number | undefined = process.pid; pid !== undefined && pid > 0 && !spared.has(pid); pid = parents.get(pid)) spared.add(pid);
  return spared;
}
