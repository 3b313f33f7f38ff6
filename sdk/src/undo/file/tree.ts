import { lstatSync, readdirSync, type Stats } from "node:fs";
import type { BlobStore } from "../blob-store.js";
import { isFolder, isSame, type Standing } from "./entry.js";
import { Folder, isForbidden, isOutOfReach } from "../folder.js";
import { isLeftOut } from "./left-out.js";
import { folderSeen, lookAt, type Seen } from "./look.js";
import { LookBudget, type Bounds } from "./look-budget.js";
import { isUnchanged, keptPlace, newPlace, placeBelow, placeOf, type KeptPlace, type Place } from "./place.js";

/** A file changed within this time before a look may change again without its times telling (coarse clocks), in milliseconds. */
const unsettledMs = 50;
/** How long what moved is left alone before each further look at it, in milliseconds. */
const pausesMs = [5, 20];

/** Told of what a look finds. */
export interface Finds {
  readonly changed: (path: string, before: Standing, after: Standing) => void;
  /** Seen for the first time ever: that is no change. */
  readonly first: (path: string, standing: Standing) => void;
  /** Changed each time it was looked at, up to the last: what was seen of it may be half of one state and half of another. */
  readonly moving: (path: string) => void;
}

/** A folder that is to be looked into. */
interface Pending {
  readonly place: Place;
  readonly path: string;
  /** Its names are the same as at the last look. */
  readonly hasSameNames: boolean;
}

export interface TreeOptions {
  /** Absolute and resolved. */
  readonly root: string;
  readonly blobs: BlobStore;
  /** The data folder, absolute: should it lie in the tree, it is left out. */
  readonly ownFolder: string;
  /** How it was last seen. */
  readonly kept?: KeptPlace | null;
}

/** A folder and all in it as it was last seen. Looking again costs one `lstat` for each path, and a read for each changed one. */
export class Tree {
  readonly #root: string;
  readonly #blobs: BlobStore;
  readonly #ownFolder: string;
  #top: Place;

  constructor({ root, blobs, ownFolder, kept }: TreeOptions) {
    this.#root = root === "/" ? "" : root;
    this.#blobs = blobs;
    this.#ownFolder = ownFolder;
    this.#top = kept ? placeOf(kept, (hash) => blobs.has(hash)) : newPlace(false);
  }

  /** Looks at everything. @throws PullcordError `unavailable`/`snapshot_too_large` or `snapshot_too_slow` */
  lookAtAll(finds: Finds, bounds: Bounds): Promise<void> {
    return this.#settling(finds, bounds, (each) => this.#lookAtAll(each, bounds));
  }

  /** Looks at one path, the folders above it, and all below it. */
  lookAtPath(path: string, finds: Finds, bounds: Bounds): Promise<void> {
    return this.#settling(finds, bounds, (each) => this.#lookAtPath(path, each, bounds));
  }

  /** What moves during a look is looked at again a little later, a few times; what moves still is told by name. */
  async #settling(finds: Finds, bounds: Bounds, look: (finds: Finds) => Promise<void>): Promise<void> {
    let moving: string[] = [];
    const noting: Finds = { ...finds, moving: (path) => moving.push(path) };
    await look(noting);
    for (const pauseMs of pausesMs) {
      if (moving.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const again = moving;
      moving = [];
      for (const path of again) await this.#lookAtPath(path, noting, bounds);
    }
    for (const path of new Set(moving)) finds.moving(path);
  }

  async #lookAtAll(finds: Finds, bounds: Bounds): Promise<void> {
    const stats = lstatSync(this.#real(""), { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return this.#emptied(this.#top, "", finds);
    const hasSameNames = this.#top.isComplete && isUnchanged(this.#top, stats);
    this.#top.stamp = settled(folderSeen(stats)).stamp;
    this.#top.standing ??= folderSeen(stats).standing;
    await this.#lookInto([{ place: this.#top, path: "", hasSameNames }], finds, bounds);
  }

  async #lookAtPath(path: string, finds: Finds, bounds: Bounds): Promise<void> {
    let place = this.#top;
    let folder = "";
    for (const name of path.split("/")) {
      if (this.#isLeftOut(folder, name)) return;
      const next = folder === "" ? name : `${folder}/${name}`;
      const stats = lstatSync(this.#real(next), { throwIfNoEntry: false });
      const inner = this.#take({ parent: place, name, path: next, stats }, finds);
      if (!inner) return;
      [place, folder] = [inner.place, next];
    }
    await this.#lookInto([{ place, path, hasSameNames: false }], finds, bounds);
  }

  standing(path: string): Standing {
    return placeBelow(this.#top, path)?.standing ?? null;
  }

  /** Paths known to stand right in a folder. */
  namesIn(path: string): string[] {
    return [...(placeBelow(this.#top, path)?.children ?? [])].flatMap(([name, { standing }]) => (standing === null ? [] : [name]));
  }

  /** Says how a path stood, from the record; the next look looks for itself. */
  recall(path: string, standing: Standing): void {
    let place = this.#top;
    for (const name of path.split("/")) {
      const inner = place.children.get(name) ?? newPlace(true);
      place.children.set(name, inner);
      place = inner;
    }
    if (!isFolder(standing)) place.children = new Map();
    [place.standing, place.stamp] = [standing, null];
  }

  keep(): KeptPlace {
    return keptPlace(this.#top);
  }

  async #lookInto(pending: Pending[], finds: Finds, bounds: Bounds): Promise<void> {
    const budget = new LookBudget(this.#root, bounds);
    for (let next = pending.pop(); next; next = pending.pop()) {
      const names = this.#namesIn(next, finds);
      if (names === null) continue;
      let handle: Folder | null = null;
      try {
        for (const name of names) {
          const path = next.path === "" ? name : `${next.path}/${name}`;
          const stats = lstatSync(this.#real(path), { throwIfNoEntry: false });
          const openFolder = () => (handle ??= Folder.open(this.#real(next.path)));
          const inner = this.#take({ parent: next.place, name, path, stats, openFolder }, finds);
          if (inner) pending.push(inner);
          if (budget.spend()) await budget.giveTurn();
        }
        this.#dropMissing(next, names, finds);
      } catch (error) {
        // Moved away since its names were read.
        if (handle !== null) throw error;
        this.#outOfReach(next, error, finds);
      } finally {
        (handle as Folder | null)?.close();
      }
    }
  }

  /** The names in a folder but for those left out; null when the folder cannot be read (any more). */
  #namesIn(pending: Pending, finds: Finds): readonly string[] | null {
    const { place, path, hasSameNames } = pending;
    if (hasSameNames) return [...place.children.keys()];
    try {
      return readdirSync(this.#real(path)).filter((name) => !this.#isLeftOut(path, name));
    } catch (error) {
      this.#outOfReach(pending, error, finds);
      return null;
    }
  }

  /** A folder that may not be read, or moved away since it was seen: what is known of it stands until the next look. */
  #outOfReach({ place, path }: Pending, error: unknown, finds: Finds): void {
    if (!isOutOfReach(error)) throw error;
    place.stamp = null;
    if (path !== "" && !isForbidden(error)) finds.moving(path);
  }

  /** Takes note of one name. @returns the folder to look into, if it is one */
  #take({ parent, name, path, stats, openFolder }: Taking, finds: Finds): Pending | null {
    const known = parent.children.get(name);
    if (!stats) {
      this.#gone({ parent, name, path }, finds);
      return null;
    }
    if (known && isUnchanged(known, stats)) {
      return stats.isDirectory() ? { place: known, path, hasSameNames: known.isComplete } : null;
    }
    const seen = settled(stats.isDirectory() ? folderSeen(stats) : this.#lookCloser({ parent, name, path, stats, openFolder }));
    if (seen.isMoving) finds.moving(path);
    const isFirst = known === undefined && !parent.isComplete;
    const place = known ?? newPlace(!isFirst);
    parent.children.set(name, place);
    const before = place.standing;
    if (isFolder(before) && !isFolder(seen.standing)) this.#emptied(place, path, finds);
    if (!isFolder(before) && isFolder(seen.standing) && !isFirst) place.isComplete = true;
    [place.standing, place.stamp] = [seen.standing, seen.stamp];
    if (isFirst) finds.first(path, seen.standing);
    else if (!isSame(before, seen.standing)) finds.changed(path, before, seen.standing);
    return isFolder(seen.standing) ? { place, path, hasSameNames: false } : null;
  }

  #lookCloser({ name, path, stats, openFolder }: Taking): Seen {
    if (openFolder) return lookAt(openFolder(), name, { path, blobs: this.#blobs, stats });
    const folder = Folder.open(this.#real(path.slice(0, Math.max(0, path.length - name.length - 1))));
    try {
      return lookAt(folder, name, { path, blobs: this.#blobs, stats });
    } finally {
      folder.close();
    }
  }

  #dropMissing({ place, path, hasSameNames }: Pending, names: readonly string[], finds: Finds): void {
    if (!hasSameNames) {
      const there = new Set(names);
      for (const name of place.children.keys()) {
        if (!there.has(name)) this.#gone({ parent: place, name, path: path === "" ? name : `${path}/${name}` }, finds);
      }
    }
    place.isComplete = true;
  }

  #gone({ parent, name, path }: Pick<Taking, "parent" | "name" | "path">, finds: Finds): void {
    const known = parent.children.get(name);
    if (known) this.#emptied(known, path, finds);
    if (known && known.standing !== null) finds.changed(path, known.standing, null);
    if (!known && !parent.isComplete) finds.first(path, null);
    if (parent.isComplete) parent.children.delete(name);
    else parent.children.set(name, newPlace(true));
  }

  #emptied(place: Place, path: string, finds: Finds): void {
    for (const [name, child] of place.children) {
      const inner = path === "" ? name : `${path}/${name}`;
      this.#emptied(child, inner, finds);
      if (child.standing !== null) finds.changed(inner, child.standing, null);
    }
    place.children = new Map();
    place.stamp = null;
  }

  /** What is kept is never kept again. */
  #isLeftOut(folder: string, name: string): boolean {
    return isLeftOut(folder, name) || this.#real(folder === "" ? name : `${folder}/${name}`) === this.#ownFolder;
  }

  #real(path: string): string {
    return path === "" ? this.#root || "/" : `${this.#root}/${path}`;
  }
}

interface Taking {
  readonly parent: Place;
  readonly name: string;
  readonly path: string;
  readonly stats: Stats | undefined;
  /** The folder it stands in, opened when it is needed. */
  readonly openFolder?: (() => Folder) | undefined;
}

/** Without its stamp where it changed so shortly before that it could change again unseen. */
function settled({ stamp, ...seen }: Seen): Seen {
  const isOld = stamp !== null && Math.max(stamp.mtimeMs, stamp.ctimeMs) < Date.now() - unsettledMs;
  return { ...seen, stamp: isOld ? stamp : null };
}
