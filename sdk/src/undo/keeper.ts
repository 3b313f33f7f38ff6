import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { canonicalJson, PullcordError, type PathChange, type PathLeft } from "../protocol/index.js";
import { BlobStore } from "./blob-store.js";
import { beginUndo, carryOutUndo, type UndoEnd } from "./file/carry-out.js";
import { describeChange } from "./file/describe.js";
import { isSame, type Change } from "./file/entry.js";
import { UndoJournals } from "./file/journal.js";
import type { ActionKey } from "./file/ledger.js";
import { planUndo, type Plan } from "./file/plan.js";
import type { Bounds } from "./file/tree.js";
import { rootFile, Workspace, type OrderedChange } from "./file/workspace.js";

const ownerOnlyFolder = 0o700;

export interface KeeperOptions {
  /** Holds everything that is kept: contents, records, journals. Readable by its owner alone. */
  readonly folder: string;
  /** The data folder around it: never looked at. */
  readonly ownFolder: string;
  readonly quotaBytes: number;
  readonly bounds: Bounds;
  readonly now?: () => number;
}

/** Which changes of a run are meant. */
export interface Selection {
  readonly runId: string;
  /** Only what this action did. */
  readonly actionId?: string | undefined;
  /** Only what came after this action. */
  readonly afterActionId?: string | undefined;
  /** Only these paths and what is below them: absolute, or from a workspace's root. */
  readonly only?: readonly string[] | undefined;
}

/** A plan for one workspace. */
export interface Part {
  readonly root: string;
  readonly plan: Plan;
}

/** Everything that is kept on this machine, and the way back. */
export class SnapshotKeeper {
  readonly #options: KeeperOptions;
  readonly #blobs: BlobStore;
  readonly #journals: UndoJournals;
  readonly #workspaces = new Map<string, Workspace>();

  constructor(options: KeeperOptions) {
    this.#options = options;
    mkdirSync(this.#workspacesFolder, { recursive: true, mode: ownerOnlyFolder });
    this.#blobs = new BlobStore({ folder: join(options.folder, "blobs"), quotaBytes: options.quotaBytes });
    this.#journals = new UndoJournals(join(options.folder, "undos"));
    for (const name of readdirSync(this.#workspacesFolder)) this.workspace(this.#rootOf(name));
  }

  /** @param root absolute and resolved */
  workspace(root: string): Workspace {
    const known = this.#workspaces.get(root);
    if (known) return known;
    const name = hash("sha256", root).slice(0, 32);
    const folder = join(this.#workspacesFolder, name);
    const made = new Workspace({ ...this.#options, root, folder, blobs: this.#blobs });
    this.#workspaces.set(root, made);
    return made;
  }

  /** Whether a folder has been looked at before, whatever became of it. */
  watches(root: string): boolean {
    return this.#workspaces.has(root);
  }

  /** What a run changed in all, one change for each path. */
  changesOf(runId: string): PathChange[] {
    return this.#selected({ runId }).flatMap(({ workspace, changes }) => {
      const byPath = Map.groupBy(changes, ({ path }) => path);
      return [...byPath].flatMap(([path, own]) => {
        const [before, after] = [own[0]?.before ?? null, own.at(-1)?.after ?? null];
        if (isSame(before, after)) return [];
        const actionIds = new Set(own.flatMap(({ by }) => by.flatMap((key) => (key.runId === runId ? [key.actionId] : []))));
        return [{ ...this.#shown(workspace.root, { path, before, after }), actionIds: [...actionIds] }];
      });
    });
  }

  /** What it would take to undo, as everything stands now. */
  async plan(selection: Selection): Promise<Part[]> {
    const parts: Part[] = [];
    for (const { workspace, changes } of this.#selected(selection)) parts.push(await this.#planIn(workspace, changes));
    return parts;
  }

  /** What it would take to take an undo back. @throws PullcordError `not_found`/`unknown_undo` */
  async planRedo(undoId: string): Promise<Part[]> {
    const journals = this.#journals.all().filter(({ id }) => belongsTo(id, undoId));
    if (journals.length === 0) throw new PullcordError("not_found", "unknown_undo", `Nothing is kept of undo ${undoId}.`);
    const parts: Part[] = [];
    for (const { root, changes, conflicts } of journals) {
      const isLeft = new Set(conflicts.map(({ path }) => path));
      parts.push(
        await this.#planIn(
          this.workspace(root),
          changes.filter(({ path }) => !isLeft.has(path)),
        ),
      );
    }
    return parts;
  }

  shown(parts: readonly Part[]): { readonly changes: PathChange[]; readonly conflicts: PathLeft[]; readonly digest: string } {
    const changes = parts.flatMap(({ root, plan }) => plan.changes.map((change) => ({ ...this.#shown(root, change), actionIds: [] })));
    const conflicts = parts.flatMap(({ root, plan }) => plan.conflicts.map((left) => ({ ...left, path: shownPath(root, left.path) })));
    return { changes, conflicts, digest: hash("sha256", canonicalJson({ parts })) };
  }

  /** Writes the plan down; from then on it is carried out, by a later server if need be. */
  begin(undoId: string, parts: readonly Part[]): void {
    if (this.#journals.all().some(({ id }) => belongsTo(id, undoId))) return;
    for (const [index, { root, plan }] of parts.entries()) {
      beginUndo(partId(undoId, index), root, { plan, journals: this.#journals });
    }
  }

  /** Does what `begin` wrote down, or the rest of it. */
  async carryOut(undoId: string): Promise<UndoEnd> {
    const ends: UndoEnd[] = [];
    for (const { id, root } of this.#journals.all().filter((each) => belongsTo(each.id, undoId))) {
      const end = await carryOutUndo(id, { journals: this.#journals, blobs: this.#blobs });
      const shown = (path: string) => shownPath(root, path);
      ends.push({
        ...end,
        restored: end.restored.map(shown),
        conflicts: end.conflicts.map((left) => ({ ...left, path: shown(left.path) })),
        unverified: end.unverified.map(shown),
      });
      await this.workspace(root).lookAsOurs(root === "/" ? end.restored : null);
    }
    const failure = ends.find((end) => end.failure !== undefined)?.failure;
    return {
      restored: ends.flatMap(({ restored }) => restored),
      conflicts: ends.flatMap(({ conflicts }) => conflicts),
      unverified: ends.flatMap(({ unverified }) => unverified),
      ...(failure === undefined ? {} : { failure }),
    };
  }

  /** The action ran: what changed since it began may be its doing. */
  async ended(key: ActionKey): Promise<void> {
    for (const workspace of this.#workspaces.values()) await workspace.ended(key);
  }

  /** The action never ran. */
  async cancelled(key: ActionKey): Promise<void> {
    for (const workspace of this.#workspaces.values()) await workspace.cancelled(key);
  }

  isUnderWay(runId: string): boolean {
    return [...this.#workspaces.values()].some((workspace) => workspace.underWay(runId).length > 0);
  }

  /** Looks at what actions of a run, under way until now, have done. */
  async settle(runId: string): Promise<void> {
    for (const workspace of this.#workspaces.values()) {
      for (const key of workspace.underWay(runId)) await workspace.ended(key);
    }
  }

  /** Lets go of what is older, in milliseconds since 1970, and of contents that nothing needs any more. */
  sweep(olderThan: number): void {
    const needed = new Set<string>();
    for (const workspace of this.#workspaces.values()) for (const each of workspace.neededAfter(olderThan)) needed.add(each);
    this.#journals.drop(olderThan);
    for (const [, each] of JSON.stringify(this.#journals.all()).matchAll(/"hash":"([0-9a-f]{64})"/g)) needed.add(each as string);
    this.#blobs.sweep((each) => needed.has(each));
  }

  async close(): Promise<void> {
    for (const workspace of this.#workspaces.values()) await workspace.close();
    this.#blobs.close();
  }

  #selected(selection: Selection): { readonly workspace: Workspace; readonly changes: OrderedChange[] }[] {
    return [...this.#workspaces.values()].flatMap((workspace) => {
      const changes = select(workspace.changesOf(selection.runId), selection, workspace.root);
      return changes.length === 0 ? [] : [{ workspace, changes }];
    });
  }

  async #planIn(workspace: Workspace, changes: readonly Change[]): Promise<Part> {
    await workspace.look(workspace.root === "/" ? changes.map(({ path }) => path) : null);
    const facts = {
      blobs: this.#blobs,
      standing: (path: string) => workspace.standing(path),
      namesIn: (folder: string) => workspace.namesIn(folder),
    };
    return { root: workspace.root, plan: planUndo(changes, facts) };
  }

  #shown(root: string, change: Change): Omit<PathChange, "actionIds"> {
    return { ...describeChange(change, this.#blobs), path: shownPath(root, change.path) };
  }

  get #workspacesFolder(): string {
    return join(this.#options.folder, "workspaces");
  }

  #rootOf(name: string): string {
    return readFileSync(join(this.#workspacesFolder, name, rootFile), "utf8");
  }
}

function select(changes: readonly OrderedChange[], { runId, actionId, afterActionId, only }: Selection, root: string): OrderedChange[] {
  const madeBy = (change: OrderedChange, id: string) => change.by.some((key) => key.runId === runId && key.actionId === id);
  const from =
    afterActionId === undefined ? -1 : Math.max(-1, ...changes.filter((each) => madeBy(each, afterActionId)).map(({ line }) => line));
  const isWanted = ({ path }: OrderedChange) => only === undefined || only.some((wanted) => isWithin(resolve(root, path), wanted, root));
  return changes.filter((change) => change.line > from && (actionId === undefined || madeBy(change, actionId)) && isWanted(change));
}

function isWithin(path: string, wanted: string, root: string): boolean {
  const whole = resolve(root, wanted);
  return path === whole || path.startsWith(`${whole}/`);
}

function shownPath(root: string, path: string): string {
  return root === "/" ? `/${path}` : path;
}

function partId(undoId: string, index: number): string {
  return `${undoId}-${index}`;
}

function belongsTo(journalId: string, undoId: string): boolean {
  return journalId.startsWith(`${undoId}-`);
}
