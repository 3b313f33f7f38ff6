import { lstatSync, readdirSync, type Stats } from "node:fs";
import { PullcordError } from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { isFolder, isSame, type Standing } from "./entry.js";
import { Folder, isOutOfReach } from "./folder.js";
import { isLeftOut } from "./left-out.js";
import { folderSeen, isSameStamp, lookAt, type Seen, type Stamp } from "./look.js";

/** A file changed within this time before a look may change again without its times telling (coarse clocks), in milliseconds. */
const unsettledMs = 50;
/** The event loop is given back at least this often, in milliseconds. */
const turnMs = 8;

/** What is known of one path: how it stood at the last look. */
interface Place {
  standing: Standing;
  /** Null: to be looked at again, whatever its times say. */
  stamp: Stamp | null;
  /** Of a folder. */
  children: Map<string, Place>;
  /** What is not among the children is known not to be there. */
  isComplete: boolean;
}

/** Told of what a look finds. */
export interface Finds {
  readonly changed: (path: string, before: Standing, after: Standing) => void;
  /** Seen for the first time ever: that is no change. */
  readonly first: (path: string, standing: Standing) => void;
}

export interface Bounds {
  readonly mostEntries: number;
  readonly longestMs: number;
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
    this.#top = kept ? placeOf(kept) : newPlace(false);
  }

  /** Looks at everything. @throws PullcordError `unavailable`/`snapshot_too_large` or `snapshot_too_slow` */
  async lookAtAll(finds: Finds, bounds: Bounds): Promise<void> {
    const stats = lstatSync(this.#real(""), { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return this.#emptied(this.#top, "", finds);
    const hasSameNames = this.#top.isComplete && isSettledSame(this.#top.stamp, stats);
    this.#top.stamp = settled(folderSeen(stats)).stamp;
    this.#top.standing ??= folderSeen(stats).standing;
    await this.#lookInto([{ place: this.#top, path: "", hasSameNames }], finds, bounds);
  }

  /** Looks at one path, the folders above it, and all below it. */
  async lookAtPath(path: string, finds: Finds, bounds: Bounds): Promise<void> {
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
    return this.#find(path)?.standing ?? null;
  }

  /** Paths known to stand right in a folder. */
  namesIn(path: string): string[] {
    return [...(this.#find(path)?.children ?? [])].flatMap(([name, { standing }]) => (standing === null ? [] : [name]));
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
    return kept(this.#top);
  }

  async #lookInto(pending: Pending[], finds: Finds, { mostEntries, longestMs }: Bounds): Promise<void> {
    const startedAt = performance.now();
    let turnAt = startedAt;
    let entries = 0;
    for (let next = pending.pop(); next; next = pending.pop()) {
      const names = this.#namesIn(next);
      if (names === null) continue;
      let handle: Folder | null = null;
      try {
        for (const name of names) {
          const path = next.path === "" ? name : `${next.path}/${name}`;
          const stats = lstatSync(this.#real(path), { throwIfNoEntry: false });
          const openFolder = () => (handle ??= Folder.open(this.#real(next.path)));
          const inner = this.#take({ parent: next.place, name, path, stats, openFolder }, finds);
          if (inner) pending.push(inner);
          entries += 1;
          if (entries > mostEntries) throw tooLarge(this.#root, mostEntries);
          const now = performance.now();
          if (now - startedAt > longestMs) throw tooSlow(this.#root, longestMs);
          if (now - turnAt > turnMs) {
            await new Promise(setImmediate);
            turnAt = performance.now();
          }
        }
        this.#dropMissing(next, names, finds);
      } catch (error) {
        // Moved away since its names were read: like one that cannot be read any more.
        if (handle !== null || !isOutOfReach(error)) throw error;
        next.place.stamp = null;
      } finally {
        (handle as Folder | null)?.close();
      }
    }
  }

  /** The names in a folder but for those left out; null when the folder cannot be read (any more). */
  #namesIn({ place, path, hasSameNames }: Pending): readonly string[] | null {
    if (hasSameNames) return [...place.children.keys()];
    try {
      return readdirSync(this.#real(path)).filter((name) => !this.#isLeftOut(path, name));
    } catch (error) {
      place.stamp = null;
      if (isOutOfReach(error)) return null;
      throw error;
    }
  }

  /** Takes note of one name. @returns the folder to look into, if it is one */
  #take({ parent, name, path, stats, openFolder }: Taking, finds: Finds): Pending | null {
    const known = parent.children.get(name);
    if (!stats) {
      this.#gone({ parent, name, path }, finds);
      return null;
    }
    if (known && isSettledSame(known.stamp, stats)) {
      return stats.isDirectory() ? { place: known, path, hasSameNames: known.isComplete } : null;
    }
    const seen = settled(stats.isDirectory() ? folderSeen(stats) : this.#lookCloser({ parent, name, path, stats, openFolder }));
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

  #lookCloser({ name, path, openFolder }: Taking): Seen {
    if (openFolder) return lookAt(openFolder(), name, { path, blobs: this.#blobs });
    const folder = Folder.open(this.#real(path.slice(0, Math.max(0, path.length - name.length - 1))));
    try {
      return lookAt(folder, name, { path, blobs: this.#blobs });
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

  #find(path: string): Place | undefined {
    let place: Place | undefined = this.#top;
    for (const name of path === "" ? [] : path.split("/")) place = place?.children.get(name);
    return place;
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

function newPlace(isComplete: boolean): Place {
  return { standing: null, stamp: null, children: new Map(), isComplete };
}

function isSettledSame(stamp: Stamp | null, stats: Stats): boolean {
  return stamp !== null && isSameStamp(stamp, stats);
}

/** Without its stamp where it changed so shortly before that it could change again unseen. */
function settled({ standing, stamp }: Seen): Seen {
  const isOld = stamp !== null && Math.max(stamp.mtimeMs, stamp.ctimeMs) < Date.now() - unsettledMs;
  return { standing, stamp: isOld ? stamp : null };
}

/** A place as it is written to disk. */
export type KeptPlace = readonly [
  standing: Standing,
  stamp: Stamp | null,
  isComplete: boolean,
  children: Readonly<Record<string, KeptPlace>>,
];

function kept({ standing, stamp, isComplete, children }: Place): KeptPlace {
  return [standing, stamp, isComplete, Object.fromEntries([...children].map(([name, child]) => [name, kept(child)]))];
}

function placeOf([standing, stamp, isComplete, children]: KeptPlace): Place {
  return { standing, stamp, isComplete, children: new Map(Object.entries(children).map(([name, child]) => [name, placeOf(child)])) };
}

function tooLarge(root: string, most: number): PullcordError {
  return new PullcordError(
    "unavailable",
    "snapshot_too_large",
    `${root || "/"} holds more than ${most} files, so no snapshot of it is kept.`,
  );
}

function tooSlow(root: string, longestMs: number): PullcordError {
  return new PullcordError(
    "unavailable",
    "snapshot_too_slow",
    `Looking at ${root || "/"} took more than ${longestMs} ms, so no snapshot of it was kept.`,
  );
}
