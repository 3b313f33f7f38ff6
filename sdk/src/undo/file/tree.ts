import { lstatSync, type Stats } from "node:fs";
import type { BlobStore } from "../blob-store.js";
import { namesOnDisk, onDisk } from "../name-bytes.js";
import { isFolder, isSame, type Standing } from "./entry.js";
import { Folder, isForbidden, isOutOfReach, isTooDeep } from "../folder.js";
import { holdsMore, isGitObject, isStillFolder, isStore } from "./git-objects.js";
import { isLeftOut, type KeepRules } from "./left-out.js";
import { folderSeen, lookAt, type Seen } from "./look.js";
import { LookBudget, type Bounds } from "./look-budget.js";
import type { Finds, Names, Pending } from "./looking.js";
import { lookUntilStill, settled } from "./still.js";
import { isUnchanged, keptNode, newNode, nodeBelow, nodeOf, pathsByContent, unseenIn, type KeptNode, type TreeNode } from "./tree-node.js";

export interface TreeOptions {
  /** Absolute and resolved. */
  readonly root: string;
  readonly blobs: BlobStore;
  /** The data folder, absolute: should it lie in the tree, it is left out. */
  readonly ownFolder: string;
  /** What is kept, as the policy in force says it. */
  readonly rules: () => KeepRules;
  /** How it was last seen. */
  readonly kept?: KeptNode | null;
}

/** A folder and all in it as it was last seen. Looking again costs one `lstat` for each path, and a read for each changed one. */
export class Tree {
  readonly #root: string;
  readonly #blobs: BlobStore;
  readonly #ownFolder: string;
  readonly #rulesInForce: () => KeepRules;
  #rules: KeepRules;
  /** The rules by which everything was looked at last. */
  #knownBy: string | null = null;
  #top: TreeNode;
  /** Whether the look that is under way goes on without what there is no room for. */
  #goesOn = false;

  constructor({ root, blobs, ownFolder, rules, kept }: TreeOptions) {
    this.#root = root === "/" ? "" : root;
    this.#blobs = blobs;
    this.#ownFolder = ownFolder;
    this.#rulesInForce = rules;
    this.#rules = rules();
    this.#top = kept ? nodeOf(kept, blobs) : newNode(false);
  }

  /** Looks at everything. @throws PullcordError `unavailable`/`snapshot_too_large` or `snapshot_too_slow` */
  lookAtAll(finds: Finds, bounds: Bounds): Promise<void> {
    return this.#untilStill(finds, bounds, (each) => this.#lookAtAll(each, bounds));
  }

  /** Looks at one path, the folders above it, and all below it. */
  lookAtPath(path: string, finds: Finds, bounds: Bounds): Promise<void> {
    return this.#untilStill(finds, bounds, (each) => this.#lookAtPath(path, each, bounds));
  }

  #untilStill(finds: Finds, bounds: Bounds, look: (finds: Finds) => Promise<void>): Promise<void> {
    this.#rules = this.#rulesInForce();
    this.#goesOn = bounds.goesOn === true;
    return lookUntilStill(finds, { look, lookAgain: (path, each) => this.#lookAtPath(path, each, bounds) });
  }

  async #lookAtAll(finds: Finds, bounds: Bounds): Promise<void> {
    const stats = lstatSync(onDisk(this.#real("")), { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return this.#emptied(this.#top, "", finds);
    const hasSameNames = this.#hasKnownNames(this.#top) && isUnchanged(this.#top, stats);
    this.#top.stamp = settled(folderSeen(stats)).stamp;
    this.#top.standing ??= folderSeen(stats).standing;
    await this.#lookInto([{ node: this.#top, path: "", hasSameNames, isNew: false }], finds, bounds);
    this.#knownBy = this.#rules.version;
  }

  async #lookAtPath(path: string, finds: Finds, bounds: Bounds): Promise<void> {
    let node = this.#top;
    let folder = "";
    for (const name of path.split("/")) {
      if (this.#isLeftOut(folder, name)) return;
      const next = folder === "" ? name : `${folder}/${name}`;
      const stats = lstatSync(onDisk(this.#real(next)), { throwIfNoEntry: false });
      const inner = this.#take({ parent: node, name, path: next, stats }, finds);
      if (!inner) return;
      [node, folder] = [inner.node, next];
    }
    await this.#lookInto([{ node, path, hasSameNames: false, isNew: false }], finds, bounds);
  }

  standing(path: string): Standing {
    return nodeBelow(this.#top, path)?.standing ?? null;
  }

  /** Paths known to stand right in a folder. */
  namesIn(path: string): string[] {
    return [...(nodeBelow(this.#top, path)?.children ?? [])].flatMap(([name, { standing }]) => (standing === null ? [] : [name]));
  }

  /** What else stands in a folder, or may, that no look sees; null where all that is in it is known. */
  unseenIn(path: string): string | null {
    return unseenIn(nodeBelow(this.#top, path));
  }

  pathsByContent(): Map<string, string[]> {
    return pathsByContent(this.#top);
  }

  /** Says how a path stood, from the record; the next look looks for itself. */
  recall(path: string, standing: Standing): void {
    let node = this.#top;
    for (const name of path.split("/")) {
      const inner = node.children.get(name) ?? newNode(true);
      node.children.set(name, inner);
      node = inner;
    }
    if (!isFolder(standing)) node.children = new Map();
    [node.standing, node.stamp] = [standing, null];
  }

  keep(): KeptNode {
    return keptNode(this.#top);
  }

  async #lookInto(pending: Pending[], finds: Finds, bounds: Bounds): Promise<void> {
    const budget = new LookBudget(this.#root, bounds);
    // What nobody saw before comes last: whatever an agent has piled up, what it did to all else is seen.
    const fresh: Pending[] = [];
    for (let next = pending.pop() ?? fresh.pop(); next; next = pending.pop() ?? fresh.pop()) {
      const { node } = next;
      const found = next.isNew && budget.isSpent ? null : this.#namesIn(next, finds);
      if (found === null) {
        node.isComplete &&= !budget.isSpent;
        continue;
      }
      // Git's objects have a bound of their own.
      const counts = !isGitObject(next.path);
      let handle: Folder | null = null;
      let isCut = false;
      try {
        for (const name of knownFirst(node, found.names)) {
          isCut = budget.isSpent && !node.children.has(name);
          if (isCut) break;
          const path = next.path === "" ? name : `${next.path}/${name}`;
          const stats = lstatSync(onDisk(this.#real(path)), { throwIfNoEntry: false });
          const openFolder = () => (handle ??= Folder.open(this.#real(next.path)));
          const inner = this.#take({ parent: next.node, name, path, stats, openFolder }, finds);
          if (inner) (inner.isNew ? fresh : pending).push(inner);
          if (budget.spend(counts)) await budget.giveTurn();
        }
        this.#dropMissing(next, found, finds);
        if (next.stamp !== undefined) node.stamp = next.stamp;
        if (isCut) [node.isComplete, node.stamp] = [false, null];
      } catch (error) {
        // Moved away since its names were read.
        if (handle !== null && !isTooDeep(error)) throw error;
        this.#outOfReach(next, error, finds);
      } finally {
        (handle as Folder | null)?.close();
      }
    }
  }

  /** The names in a folder, those left out apart; null when the folder cannot be read (any more). */
  #namesIn(pending: Pending, finds: Finds): Names | null {
    const { node, path, hasSameNames } = pending;
    if (hasSameNames) return { names: [...node.children.keys()], leftOut: node.leftOut };
    try {
      const all = namesOnDisk(this.#real(path));
      const leftOut = new Set(all.filter((name) => this.#isLeftOut(path, name)));
      return { names: all.filter((name) => !leftOut.has(name)), leftOut };
    } catch (error) {
      this.#outOfReach(pending, error, finds);
      return null;
    }
  }

  /** A folder that may not be read, or moved away since it was seen: what is known of it stands until the next look. */
  #outOfReach({ node, path }: Pending, error: unknown, finds: Finds): void {
    if (!isOutOfReach(error)) throw error;
    node.stamp = null;
    if (isForbidden(error) || isTooDeep(error)) node.isComplete = false;
    else if (path !== "") finds.moving(path);
  }

  /** Takes note of one name. @returns the folder to look into, if it is one */
  #take({ parent, name, path, stats, openFolder }: Taking, finds: Finds): Pending | null {
    const known = parent.children.get(name);
    if (!stats) {
      this.#gone({ parent, name, path }, finds);
      return null;
    }
    // What was too large, and by the rules in force is not any more, has not changed for that.
    const isKeptNow = known !== undefined && this.#mayBeKeptNow(known) && isUnchanged(known, stats);
    if (known && !isKeptNow && isUnchanged(known, stats)) {
      const pending = { node: known, path, hasSameNames: this.#hasKnownNames(known), isNew: false };
      return stats.isDirectory() && !isStillFolder(path, name) ? pending : null;
    }
    const seen = settled(
      stats.isDirectory() ? this.#folderSeen(path, stats, known) : this.#lookCloser({ parent, name, path, stats, openFolder }),
    );
    if (seen.isMoving) finds.moving(path);
    if (isKeptNow && seen.standing?.kind === "unkept") return null;
    const isFirst = isKeptNow || (known === undefined && (!parent.isComplete || parent.leftOut.has(name)));
    const node = known ?? newNode(!isFirst);
    parent.children.set(name, node);
    const before = node.standing;
    if (isFolder(before) && !isFolder(seen.standing)) this.#emptied(node, path, finds);
    if (!isFolder(before) && isFolder(seen.standing) && !isFirst) node.isComplete = true;
    // Of a folder that is not looked into again while its times stand still, they count from when it was.
    const isStill = isFolder(seen.standing) && isStillFolder(path, name);
    [node.standing, node.stamp] = [seen.standing, isStill ? null : seen.stamp];
    if (isFirst) finds.first(path, seen.standing);
    else if (!isSame(before, seen.standing)) finds.changed(path, before, seen.standing);
    if (!isFolder(seen.standing)) return null;
    return { node, path, hasSameNames: false, isNew: known === undefined, ...(isStill && { stamp: seen.stamp }) };
  }

  /** A store of too many objects is not looked into; nor is it later, since what it held before would be missing. */
  #folderSeen(path: string, stats: Stats, known: TreeNode | undefined): Seen {
    if (isStore(path) && (known ? known.standing?.kind === "unkept" : holdsMore(this.#real(path), this.#rules.mostLooseObjects)))
      return storeNotKept;
    return folderSeen(stats);
  }

  #lookCloser({ name, path, stats, openFolder }: Taking): Seen {
    const looking = { path, blobs: this.#blobs, largestFileBytes: this.#rules.largestFileBytes, goesOn: this.#goesOn, stats };
    if (openFolder) return lookAt(openFolder(), name, looking);
    const folder = Folder.open(this.#real(path.slice(0, Math.max(0, path.length - name.length - 1))));
    try {
      return lookAt(folder, name, looking);
    } finally {
      folder.close();
    }
  }

  #dropMissing({ node, path, hasSameNames }: Pending, { names, leftOut }: Names, finds: Finds): void {
    if (!hasSameNames) {
      const there = new Set(names);
      for (const name of node.children.keys()) {
        if (there.has(name)) continue;
        // Left out from now on: that it is not seen says nothing.
        if (leftOut.has(name) || this.#isLeftOut(path, name)) node.children.delete(name);
        else this.#gone({ parent: node, name, path: path === "" ? name : `${path}/${name}` }, finds);
      }
    }
    [node.isComplete, node.leftOut] = [true, leftOut];
  }

  /** By other rules, other names in it may be left out. */
  #hasKnownNames({ isComplete }: TreeNode): boolean {
    return isComplete && this.#knownBy === this.#rules.version;
  }

  #mayBeKeptNow({ standing }: TreeNode): boolean {
    return standing?.kind === "unkept" && standing.size <= this.#rules.largestFileBytes;
  }

  #gone({ parent, name, path }: Pick<Taking, "parent" | "name" | "path">, finds: Finds): void {
    const known = parent.children.get(name);
    if (known) this.#emptied(known, path, finds);
    if (known && known.standing !== null) finds.changed(path, known.standing, null);
    if (!known && !parent.isComplete) finds.first(path, null);
    if (parent.isComplete) parent.children.delete(name);
    else parent.children.set(name, newNode(true));
  }

  #emptied(node: TreeNode, path: string, finds: Finds): void {
    for (const [name, child] of node.children) {
      const inner = path === "" ? name : `${path}/${name}`;
      this.#emptied(child, inner, finds);
      if (child.standing !== null) finds.changed(inner, child.standing, null);
    }
    node.children = new Map();
    node.stamp = null;
  }

  /** What is kept is never kept again. */
  #isLeftOut(folder: string, name: string): boolean {
    const real = this.#real(folder === "" ? name : `${folder}/${name}`);
    return real === this.#ownFolder || isLeftOut(folder, name, { rules: this.#rules, path: real });
  }

  #real(path: string): string {
    return path === "" ? this.#root || "/" : `${this.#root}/${path}`;
  }
}

const storeNotKept: Seen = { standing: { kind: "unkept", size: 0, changedMs: 0 }, stamp: null };

interface Taking {
  readonly parent: TreeNode;
  readonly name: string;
  readonly path: string;
  readonly stats: Stats | undefined;
  /** The folder it stands in, opened when it is needed. */
  readonly openFolder?: (() => Folder) | undefined;
}

/** In a look that is cut short, what was known before has been looked at. */
function knownFirst({ children }: TreeNode, names: readonly string[]): string[] {
  return [...names.filter((name) => children.has(name)), ...names.filter((name) => !children.has(name))];
}
