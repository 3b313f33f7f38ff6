import { hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PathChange, PathLeft } from "../../protocol/index.js";
import type { BlobStore } from "../blob-store.js";
import { Journals } from "../journals.js";
import {
  isByWanted,
  isPathWanted,
  type BeyondFiles,
  type ActionKey,
  type Reservation,
  type Part,
  type Selection,
  type UndoEnd,
  type UndoKind,
} from "../kind.js";
import { backOutUndo, beginUndo, carryOutUndo, type FilesEnd } from "./carry-out.js";
import { barredBelow } from "./barred.js";
import { describeChanges, describeObjects, toldPath } from "./describe.js";
import { shownText } from "../name-bytes.js";
import { isSame, type Change } from "./entry.js";
import { isGitObject } from "./git-objects.js";
import type { UndoJournal } from "./journal.js";
import type { KeepRules } from "./left-out.js";
import { otherNamesOf, stayingElsewhere } from "./other-names.js";
import { planUndo, type Conflict, type MergeByKey } from "./plan.js";
import type { Bounds } from "./look-budget.js";
import type { OrderedChange } from "./ledger.js";
import { rootFile, Workspace } from "./workspace.js";
import { ownerOnlyFolder } from "../owner-only.js";

export interface FileKindOptions {
  /** Holds the records of workspaces and the journals. */
  readonly folder: string;
  /** The data folder around it: never looked at. */
  readonly ownFolder: string;
  readonly blobs: BlobStore;
  readonly bounds: Bounds;
  /** What is kept below a root, as the policy in force says it. */
  readonly rulesOf: (root: string) => KeepRules;
  /** Merges files that have keys. */
  readonly mergeByKey: MergeByKey;
  readonly now?: () => number;
}

/** Files, folders and links, in the workspaces that runs work in and wherever else an action names them. */
export class FileKind implements UndoKind {
  readonly name = "file";
  readonly #options: FileKindOptions;
  readonly #journals: Journals<UndoJournal>;
  readonly #workspaces = new Map<string, Workspace>();

  constructor(options: FileKindOptions) {
    this.#options = options;
    mkdirSync(this.#workspacesFolder, { recursive: true, mode: ownerOnlyFolder });
    this.#journals = new Journals(join(options.folder, "undos"));
    for (const name of readdirSync(this.#workspacesFolder)) {
      const root = this.#rootOf(name);
      if (root !== null) this.workspace(root);
    }
  }

  /** @param root absolute and resolved; `/` for files outside of every workspace */
  workspace(root: string): Workspace {
    const known = this.#workspaces.get(root);
    if (known) return known;
    const name = hash("sha256", root).slice(0, 32);
    const folder = join(this.#workspacesFolder, name);
    const made = new Workspace({ ...this.#options, root, folder });
    this.#workspaces.set(root, made);
    return made;
  }

  /** The folders that agents work in. */
  get roots(): string[] {
    return [...this.#workspaces.keys()].filter((root) => root !== "/");
  }

  /** Whether a folder has been looked at before, whatever became of it. */
  watches(root: string): boolean {
    return this.#workspaces.has(root);
  }

  /** The actions that may have changed one of these absolute paths, among what is selected. */
  changedBy(paths: readonly string[], selection: Selection): string[] {
    const found = this.#selected({ ...selection, only: paths }, []).flatMap(({ changes }) => changes.flatMap(({ by }) => by));
    return found.flatMap((key) => (key.runId === selection.runId ? [key.actionId] : []));
  }

  /** Paths that kept moving while they were looked at before actions of a run: what was kept of them may fit no moment. */
  movingOf(runId: string): string[] {
    return [...this.#workspaces.values()].flatMap((each) => each.movingOf(runId).map((path) => shownPath(each.root, path)));
  }

  /** Which of these absolute paths name a file that has other names where nobody looks: what is written to it stays there. */
  namedElsewhere(root: string, paths: readonly string[]): string[] {
    const workspace = this.workspace(root);
    const below = root === "/" ? "/" : `${root}/`;
    const within = paths.flatMap((path) => (path.startsWith(below) ? [path.slice(below.length)] : []));
    const known = knownOf(workspace);
    return within.filter((path) => otherNamesOf(path, known) > 0).map((path) => shownPath(root, path));
  }

  async ended(key: ActionKey): Promise<void> {
    for (const workspace of this.#workspaces.values()) await workspace.ended(key);
  }

  async cancelled(key: ActionKey): Promise<void> {
    for (const workspace of this.#workspaces.values()) await workspace.cancelled(key);
  }

  underWay(runId: string): ActionKey[] {
    return [...this.#workspaces.values()].flatMap((workspace) => workspace.underWay(runId));
  }

  async changesOf(selection: Selection, reserved: readonly Reservation[]): Promise<PathChange[]> {
    const { runId } = selection;
    const found: PathChange[] = [];
    for (const { workspace, changes } of this.#selected(selection, reserved)) {
      const inAll = [...Map.groupBy(changes, ({ path }) => path)].flatMap(([path, own]) => {
        const [before, after] = [own[0]?.before ?? null, own.at(-1)?.after ?? null];
        // That there are more of git's objects is no change of anybody's.
        if (isSame(before, after) || (before === null && isGitObject(path))) return [];
        const by = own.flatMap((change) => change.by);
        return [{ path, before, after, actionIds: by.flatMap((key) => (key.runId === runId ? [key.actionId] : [])) }];
      });
      found.push(...(await this.#shown(workspace.root, inAll)));
    }
    return found;
  }

  reservations(): Reservation[] {
    return [];
  }

  beyondFiles(): BeyondFiles[] {
    return [];
  }

  async plan(selection: Selection, reserved: readonly Reservation[]): Promise<Part[]> {
    const parts: Part[] = [];
    for (const { workspace, changes } of this.#selected(selection, reserved)) {
      parts.push(await this.#planIn(workspace, changes, Math.min(...changes.map(({ at }) => at))));
    }
    return parts;
  }

  async planRedo(partId: string): Promise<Part | null> {
    const journal = this.#journals.read(partId);
    if (!journal) return null;
    const isLeft = new Set(journal.conflicts.map(({ path }) => path));
    const changes = journal.changes.filter(({ path }) => !isLeft.has(path));
    return this.#planIn(this.workspace(journal.root), changes, 0);
  }

  async carryOut(partId: string): Promise<UndoEnd> {
    return this.#after(partId, await carryOutUndo(partId, { journals: this.#journals, blobs: this.#options.blobs }));
  }

  async backOut(partId: string): Promise<UndoEnd> {
    return this.#after(partId, await backOutUndo(partId, { journals: this.#journals, blobs: this.#options.blobs }));
  }

  sweep(olderThan: number): Set<string> {
    const needed = new Set<string>();
    for (const workspace of this.#workspaces.values()) for (const each of workspace.neededAfter(olderThan)) needed.add(each);
    this.#journals.drop(olderThan, ({ state }) => state === "done" || state === "backed_out");
    for (const [, each] of JSON.stringify(this.#journals.all()).matchAll(/"hash":"([0-9a-f]{64})"/g)) needed.add(each as string);
    return needed;
  }

  async close(): Promise<void> {
    for (const workspace of this.#workspaces.values()) await workspace.close();
  }

  /** What was put back is nobody's action. */
  async #after(partId: string, { heldOpen, ...end }: FilesEnd): Promise<UndoEnd> {
    const { root = "/" } = this.#journals.read(partId) ?? {};
    await this.workspace(root).lookAsOurs(root === "/" ? end.restored : null);
    const shown = (path: string) => shownPath(root, toldPath(path));
    const left = (conflict: Conflict): PathLeft => ({ of: "file", ...conflict, path: shownPath(root, conflict.path) });
    const shownOnce = (paths: readonly string[]) => [...new Set(paths.map(shown))];
    return {
      ...end,
      restored: shownOnce(end.restored),
      conflicts: end.conflicts.map(left),
      ...(heldOpen && { heldOpen: heldOpen.map(left) }),
      unverified: shownOnce(end.unverified),
    };
  }

  #selected(
    selection: Selection,
    reserved: readonly Reservation[],
  ): { readonly workspace: Workspace; readonly changes: OrderedChange[] }[] {
    const reservedPaths = new Set(reserved.flatMap(({ paths }) => paths));
    return [...this.#workspaces.values()].flatMap((workspace) => {
      const { root } = workspace;
      const only = selection.only?.map((wanted) => resolve(root, wanted));
      const isWanted = ({ path, by }: OrderedChange) =>
        isByWanted(by, selection) && isPathWanted(resolve(root, shownText(path)), only) && !reservedPaths.has(resolve(root, path));
      const changes = workspace.changesOf(selection.runId).filter(isWanted);
      return changes.length === 0 ? [] : [{ workspace, changes }];
    });
  }

  async #planIn(workspace: Workspace, changes: readonly Change[], since: number): Promise<Part> {
    const { root } = workspace;
    await workspace.lookForUndo(root === "/" ? changes.map(({ path }) => path) : null);
    await this.#proveSealed(workspace, changes);
    const facts = {
      ...knownOf(workspace),
      blobs: this.#options.blobs,
      mergeByKey: this.#options.mergeByKey,
      namesIn: (folder: string) => workspace.namesIn(folder),
      unseenIn: (folder: string) => workspace.unseenIn(folder),
      makesFolders: false,
      barred: (planned: readonly Change[]) => barredBelow(root, planned),
    };
    const planned = await planUndo(changes, facts);
    const conflicts = [...planned.conflicts, ...stayingElsewhere(planned.changes, facts)];
    return {
      since,
      changes: await this.#shown(
        root,
        planned.changes.map((change) => ({ ...change, actionIds: [] })),
      ),
      conflicts: conflicts.map((left) => ({ of: "file", ...left, path: shownPath(root, left.path) })),
      means: { root, planned },
      begin: (partId) => beginUndo(partId, root, { planned, journals: this.#journals, blobs: this.#options.blobs }),
    };
  }

  /** What would come back is read through first, so that a person is told what can't. */
  async #proveSealed(workspace: Workspace, changes: readonly Change[]): Promise<void> {
    for (const { path, before } of changes)
      if (before?.kind === "sealed" && workspace.standing(path) === null) await this.#options.blobs.sealed.prove(before.hash);
  }

  async #shown(root: string, changes: readonly (Change & { readonly actionIds: readonly string[] })[]): Promise<PathChange[]> {
    const files = changes.filter(({ path }) => !isGitObject(path));
    const described = await describeChanges(files, this.#options.blobs);
    const objects = Map.groupBy(
      changes.filter(({ path }) => isGitObject(path)),
      ({ path }) => toldPath(path),
    );
    const once = (actionIds: readonly string[]) => [...new Set(actionIds)];
    return [
      ...described.map((change, index) => ({
        ...change,
        path: shownPath(root, change.path),
        actionIds: once(files[index]?.actionIds ?? []),
      })),
      ...[...objects].map(([path, own]) => ({
        ...describeObjects(path, own),
        path: shownPath(root, path),
        actionIds: once(own.flatMap(({ actionIds }) => actionIds)),
      })),
    ];
  }

  get #workspacesFolder(): string {
    return join(this.#options.folder, "workspaces");
  }

  /** Null of one that a crash left without: it is known again when somebody works there. */
  #rootOf(name: string): string | null {
    const file = join(this.#workspacesFolder, name, rootFile);
    return (existsSync(file) && readFileSync(file, "utf8")) || null;
  }
}

/** How a workspace stood at the last look; it is gone through for contents once, when the first is asked for. */
function knownOf(workspace: Workspace) {
  let byContent: Map<string, string[]> | undefined;
  return {
    root: workspace.root,
    standing: (path: string) => workspace.standing(path),
    pathsOf: (content: string) => (byContent ??= workspace.pathsByContent()).get(content) ?? [],
  };
}

function shownPath(root: string, path: string): string {
  return shownText(root === "/" ? `/${path}` : path);
}
