import { isFolder, isSame, type Change, type Standing } from "./entry.js";
import { isGitObject, storeOwnerOf } from "./git-objects.js";
import { gitFolderOf } from "./left-out.js";
import type { Conflict, Planned, PlanningFacts, PlannedChange } from "./plan.js";

interface Facts extends Pick<PlanningFacts, "standing" | "namesIn" | "unseenIn" | "makesFolders"> {
  /** The changes that are taken back at each path, oldest first. */
  readonly history: ReadonlyMap<string, readonly Change[]>;
}

/** Of what was planned, the changes that fit together: what can't stand beside the rest stays as it is and is listed. */
export function fitting(planned: Planned, facts: Facts): Planned {
  const fits = new Fitting(keepGitWhole(planned), facts).whatFits();
  const whole = keepGitWhole(fits);
  // What does not fit may be a part of git's state, too.
  return whole.changes.length === fits.changes.length ? fits : fitting(whole, facts);
}

/** Git's state fits together or is broken: when a part of it moved on since, all of it stays. Objects that are missed come back. */
function keepGitWhole({ changes, conflicts }: Planned): Planned {
  const movedOn = new Set(conflicts.flatMap(({ path }) => (isGitObject(path) ? [] : (gitFolderOf(path) ?? []))));
  if (movedOn.size === 0) return { changes, conflicts };
  const stays = (path: string) => movedOn.has(gitFolderOf(path) ?? "") && !isGitObject(path);
  const sentence = "Git has moved on since (a commit, a switch, a fetch), so its branches and index stay as they are.";
  return {
    changes: changes.filter(({ path }) => !stays(path)),
    conflicts: [...conflicts.filter(({ path }) => !stays(path)), ...[...movedOn].map((path) => ({ path, sentence }))],
  };
}

/** Folders that hold what is not the run's stay; where a person's file comes back into a folder, the folder does, too. */
class Fitting {
  readonly #planned: Planned;
  readonly #facts: Facts;
  /** How each planned path will stand; grows truer with each thing that is found not to fit. */
  readonly #after: Map<string, Standing>;
  readonly #found = new Map<string, string>();

  constructor(planned: Planned, facts: Facts) {
    this.#planned = planned;
    this.#facts = facts;
    this.#after = new Map(planned.changes.map(({ path, after }) => [path, after]));
  }

  whatFits(): Planned {
    // Deepest first, so that a folder that stays keeps those above it.
    const deepestFirst = this.#planned.changes.toSorted((one, other) => other.path.length - one.path.length);
    for (let found = -1; found < this.#found.size;) {
      found = this.#found.size;
      for (const change of this.#planned.changes) this.#keepObject(change);
      for (const change of deepestFirst) this.#keepFolder(change);
      for (const change of this.#planned.changes) this.#unblock(change);
    }
    const byPath = new Map(this.#planned.changes.map((change) => [change.path, change]));
    const changes = [...this.#after].map(([path, after]) => {
      const { before, isMerged } = byPath.get(path) ?? { before: this.#facts.standing(path), isMerged: false };
      return { path, before, after, isMerged };
    });
    const found = [...this.#found].map(([path, sentence]): Conflict => ({ path, sentence }));
    return { changes: changes.filter(({ before, after }) => !isSame(before, after)), conflicts: [...this.#planned.conflicts, ...found] };
  }

  #willBe(path: string): Standing {
    return this.#after.has(path) ? (this.#after.get(path) ?? null) : this.#facts.standing(path);
  }

  /** Git's objects go only together with the folder that they serve: that there are more of them changes nothing. */
  #keepObject({ path, before, after }: PlannedChange): void {
    const owner = storeOwnerOf(path);
    if (owner !== null && after === null && isFolder(this.#willBe(owner))) this.#after.set(path, before);
  }

  #keepFolder({ path, before }: PlannedChange): void {
    if (!isFolder(before) || isFolder(this.#willBe(path))) return;
    const stays = this.#facts.namesIn(path).find((name) => this.#willBe(`${path}/${name}`) !== null);
    const unseen = this.#facts.unseenIn(path);
    if (stays !== undefined)
      this.#leave(path, before, `The folder stays: it holds ${stays}, which is not the run's, or was changed since.`);
    else if (unseen !== null) this.#leave(path, before, `The folder stays: it holds ${unseen}, of which nothing is kept.`);
  }

  /** Where nothing, or something else than a folder, is above what comes back. */
  #unblock({ path, before }: PlannedChange): void {
    if (this.#willBe(path) === null) return;
    const blocked = foldersAbove(path).find((folder) => {
      const then = this.#willBe(folder);
      return then === null ? !this.#facts.makesFolders : !isFolder(then);
    });
    if (blocked === undefined) return;
    const content = this.#willBe(path);
    const asFolder = this.#lastFolderAt(blocked);
    if (asFolder !== null && (this.#after.has(blocked) || this.#facts.standing(blocked) === null)) {
      const sentence = `It stays a folder: ${path.slice(blocked.length + 1)} was changed since, and comes back into it.`;
      return this.#leave(blocked, asFolder, sentence);
    }
    this.#leave(path, before, `${blocked} is no folder any more.`);
    for (const [other, then] of this.#after) {
      const now = this.#facts.standing(other);
      if (then === null && now?.kind === "file" && content?.kind === "file" && now.hash === content.hash)
        this.#leave(other, now, `It stays: ${path}, from where the run took it, can't come back.`);
    }
  }

  /** As the run found it, before it took it away or moved it. */
  #lastFolderAt(path: string): Standing {
    return this.#facts.history.get(path)?.findLast(({ before }) => isFolder(before))?.before ?? null;
  }

  #leave(path: string, standing: Standing, sentence: string): void {
    this.#after.set(path, standing);
    this.#found.set(path, sentence);
  }
}

function foldersAbove(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_name, index) => names.slice(0, index + 1).join("/"));
}
