import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isLackOfSpace, type BlobStore } from "../blob-store.js";
import type { ActionKey } from "../kind.js";
import { readCheckpoint, writeCheckpoint, writeRoot } from "./checkpoint.js";
import type { Standing } from "./entry.js";
import { hashesIn, Ledger, type LedgerLine, type OrderedChange, type SeenChange } from "./ledger.js";
import { dropStarts, markStart } from "./git-start.js";
import type { KeepRules } from "./left-out.js";
import type { MergeByKey } from "./plan.js";
import { committablePaths, planOnto, type CommittedFile, type Onto } from "./plan-onto.js";
import type { Bounds } from "./look-budget.js";
import { unkeptBelow, unseenBelow } from "./tree-node.js";
import type { Finds } from "./looking.js";
import { keepsMoving } from "./still.js";
import { Tree } from "./tree.js";
import { shownText } from "../name-bytes.js";
import { ownerOnlyFolder } from "../owner-only.js";

/** Names, in a workspace's own folder, the root that it is about. */
export const rootFile = "root";

/** What an action may touch: paths from the root, or null for anything. */
export type Reach = readonly string[] | null;

export interface WorkspaceOptions {
  /** Absolute and resolved: no link in it. */
  readonly root: string;
  /** Where what was seen of it is written down. */
  readonly folder: string;
  readonly blobs: BlobStore;
  readonly mergeByKey: MergeByKey;
  readonly ownFolder: string;
  readonly bounds: Bounds;
  /** What is kept below a root, as the policy in force says it. */
  readonly rulesOf: (root: string) => KeepRules;
  readonly now?: () => number;
}

/** How a look goes. */
interface Looking {
  /** Who did what it finds; default those under way. */
  readonly doers?: readonly ActionKey[];
  /** It sees what it can, and does not fail for what is too much: the action has been done. */
  readonly goesOn?: boolean;
}

interface Found extends Pick<Extract<LedgerLine, { kind: "observed" }>, "changes" | "first"> {
  readonly goesOn: boolean;
}

/**
 * Watches one folder for its agents: looks before an action and after it, and writes down what changed in between with
 * the actions that were under way. What changed while none was, somebody else changed.
 */
export class Workspace {
  readonly root: string;
  readonly #options: WorkspaceOptions;
  readonly #ledger: Ledger;
  readonly #tree: Tree;
  readonly #underWay = new Map<string, { readonly key: ActionKey; readonly reach: Reach }>();
  #lines = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #hasNews = false;
  /** The run that was marked last. */
  #markedRun: string | null = null;

  constructor(options: WorkspaceOptions) {
    this.root = options.root;
    this.#options = options;
    mkdirSync(options.folder, { recursive: true, mode: ownerOnlyFolder });
    writeRoot(join(options.folder, rootFile), options.root);
    this.#ledger = new Ledger(join(options.folder, "ledger.jsonl"));
    const checkpoint = readCheckpoint(options.folder);
    this.#tree = new Tree({ ...options, rules: () => options.rulesOf(options.root), kept: checkpoint?.tree ?? null });
    for (const line of this.#ledger.each()) this.#recall(line, this.#lines++ >= (checkpoint?.lines ?? 0));
  }

  /**
   * Looks before an action runs: what it finds changed was not this action. What keeps moving is written down by name.
   * @param named what the action says it will change: if that keeps moving, it can't be kept
   * @throws PullcordError `unavailable`/`snapshot_moving`
   */
  began(key: ActionKey, reach: Reach, named: readonly string[] = reach ?? []): Promise<void> {
    return this.#inTurn(async () => {
      this.#markStart(key.runId);
      const moving = await this.#look(reach);
      const owed = moving.find((path) => named.some((own) => path === own || path.startsWith(`${own}/`)));
      if (owed !== undefined) throw keepsMoving(owed);
      this.#underWay.set(key.actionId, { key, reach });
      this.#append({ kind: "began", at: this.#now(), action: key, paths: reach, ...(moving.length === 0 ? {} : { moving }) });
    });
  }

  /** Looks after an action: what it finds changed may be this action's. One that was not begun here is none of ours. */
  ended(key: ActionKey): Promise<void> {
    return this.#inTurn(async () => {
      const action = this.#underWay.get(key.actionId);
      if (!action) return;
      try {
        await this.#look(action.reach, { goesOn: true });
      } finally {
        this.#forget(key);
      }
    });
  }

  /** The action never ran. */
  cancelled(key: ActionKey): Promise<void> {
    return this.#inTurn(() => Promise.resolve(this.#forget(key)));
  }

  /** Looks at everything of a reach now. Whatever is under way is taken to have done it. @throws as `began` does */
  look(reach: Reach): Promise<void> {
    return this.#inTurn(async () => void (await this.#look(reach)));
  }

  /** The same for an undo, whatever a run has piled up. */
  lookForUndo(reach: Reach): Promise<void> {
    return this.#inTurn(async () => void (await this.#look(reach, { goesOn: true })));
  }

  /** Looks at what an undo did: that is nobody's action. */
  lookAsOurs(reach: Reach): Promise<void> {
    return this.#inTurn(async () => void (await this.#look(reach, { doers: [], goesOn: true })));
  }

  /** Actions of a run that began and are not known to have ended. */
  underWay(runId: string): ActionKey[] {
    return [...this.#underWay.values()].flatMap(({ key }) => (key.runId === runId ? [key] : []));
  }

  /** How a path stood at the last look. */
  standing(path: string): Standing {
    return this.#tree.standing(path);
  }

  namesIn(folder: string): string[] {
    return this.#tree.namesIn(folder);
  }

  unseenIn(folder: string): string | null {
    return this.#tree.unseenIn(folder);
  }

  /** Where each content stood at the last look. */
  pathsByContent(): Map<string, string[]> {
    return this.#tree.pathsByContent();
  }

  /** Files that are seen but not kept: too large, or not readable. */
  unkept(): string[] {
    return unkeptBelow(this.#tree.keep()).map(shownText);
  }

  /** Folders that could not all be looked into: too many files, too deep, or not ours to read. */
  unseen(): string[] {
    return unseenBelow(this.#tree.keep()).map(shownText);
  }

  /** All that a run may have changed, oldest first. */
  changesOf(runId: string): OrderedChange[] {
    return this.#ledger.changesOf(runId);
  }

  /** Paths that kept moving while they were looked at before actions of a run. */
  movingOf(runId: string): string[] {
    return this.#ledger.movingOf(runId);
  }

  /** Paths that a run changed and a commit could hold. */
  committablePaths(runId: string): Set<string> {
    return committablePaths(this.changesOf(runId));
  }

  /** What a run's changes make of a commit that has `files` at those paths. */
  onto(runId: string, files: ReadonlyMap<string, CommittedFile>): Promise<Onto> {
    return planOnto(this.changesOf(runId), files, this.#options);
  }

  /** Hashes of all contents that the ledger or the tree speaks of, after letting go of what is older. */
  neededAfter(olderThan: number): Set<string> {
    this.#ledger.drop(olderThan);
    dropStarts(this.root, olderThan);
    const needed = new Set(hashesIn(this.#tree.keep()));
    this.#lines = 0;
    for (const line of this.#ledger.each()) {
      this.#lines += 1;
      for (const hash of hashesIn(line)) needed.add(hash);
    }
    this.save();
    return needed;
  }

  /** Writes down the tree, so that the next server need not read every file again. */
  save(): void {
    writeCheckpoint(this.#options.folder, { lines: this.#lines, tree: this.#tree.keep() });
    this.#hasNews = false;
  }

  /** @returns paths that kept moving, of which half of one state and half of another may have been seen */
  async #look(reach: Reach, { doers, goesOn = false }: Looking = {}): Promise<string[]> {
    const moving: string[] = [];
    const changes: SeenChange[] = [];
    const first: [string, Standing][] = [];
    const finds: Finds = {
      changed: (path, before, after) => changes.push({ path, before, after, by: doers ?? this.#doersAt(path) }),
      first: (path, standing) => first.push([path, standing]),
      moving: (path) => moving.push(path),
    };
    const bounds = { ...this.#options.bounds, goesOn };
    try {
      if (reach === null) await this.#tree.lookAtAll(finds, bounds);
      else for (const path of reach) await this.#tree.lookAtPath(path, finds, bounds);
    } finally {
      // Also when it was cut short: the tree has moved on, and what it knew before must not be lost.
      this.#record(reach, { changes, first, goesOn });
    }
    return moving;
  }

  #record(reach: Reach, { changes, first, goesOn }: Found): void {
    try {
      this.#options.blobs.flush();
    } catch (error) {
      if (!goesOn || !isLackOfSpace(error)) throw error;
    } finally {
      const isCheckpoint = reach === null && first.length > 0;
      if (changes.length > 0 || (first.length > 0 && !isCheckpoint)) {
        this.#append({ kind: "observed", at: this.#now(), changes, first: isCheckpoint ? [] : first });
      }
      if (isCheckpoint) this.save();
    }
  }

  /** The repository remembers where a run found it (E21): a help and no promise, since an undo needs the snapshot alone. */
  #markStart(runId: string): void {
    if (this.#markedRun === runId) return;
    this.#markedRun = runId;
    try {
      markStart(this.root, runId);
    } catch {
      // A folder that nobody may write to, or a link in its place.
    }
  }

  #doersAt(path: string): ActionKey[] {
    const mayHave = (reach: Reach) => reach === null || reach.some((own) => isAtOrNear(path, own));
    return [...this.#underWay.values()].flatMap(({ key, reach }) => (mayHave(reach) ? [key] : []));
  }

  #forget(key: ActionKey): void {
    if (!this.#underWay.delete(key.actionId)) return;
    this.#append({ kind: "ended", at: this.#now(), action: key });
  }

  #append(line: LedgerLine): void {
    this.#ledger.append(line);
    this.#lines += 1;
    this.#hasNews = true;
  }

  #recall(line: LedgerLine, isNews: boolean): void {
    if (line.kind === "began") this.#underWay.set(line.action.actionId, { key: line.action, reach: line.paths });
    if (line.kind === "ended") this.#underWay.delete(line.action.actionId);
    if (line.kind !== "observed" || !isNews) return;
    for (const [path, standing] of line.first) this.#tree.recall(path, standing);
    for (const { path, after } of line.changes) this.#tree.recall(path, after);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** One look at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Saves what is new, once what is under way is done. */
  async close(): Promise<void> {
    await this.#turn;
    if (this.#hasNews) this.save();
  }
}

/** At a path, below it, or a folder above it that had to be made or removed along with it. */
function isAtOrNear(path: string, own: string): boolean {
  return path === own || path.startsWith(`${own}/`) || own.startsWith(`${path}/`);
}
