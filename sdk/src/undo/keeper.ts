import { hash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, PullcordError, type HandedIn, type PathChange, type PathLeft, type UndoKindName } from "../protocol/index.js";
import { ActionOrder } from "./action-order.js";
import { BlobStore } from "./blob-store.js";
import { CommandKind } from "./command/command-kind.js";
import { mergeConfig } from "./config/index.js";
import { CustomKind } from "./custom/custom-kind.js";
import { DatabaseKind, type DatabaseKindOptions } from "./database/database-kind.js";
import { FileKind } from "./file/file-kind.js";
import { usualRules, type KeepRules } from "./file/left-out.js";
import type { Bounds } from "./file/look-budget.js";
import { Journals } from "./journals.js";
import type { BeyondFiles, ActionKey, Reservation, Part, Selection, UndoEnd, UndoKind } from "./kind.js";
import { programPath } from "./program-path.js";
import { carryOutParts, type UndoRecord } from "./undo-record.js";
import { ownerOnlyFolder } from "./owner-only.js";

export interface KeeperOptions {
  /** Holds everything that is kept: contents, records, journals. Readable by its owner alone. */
  readonly folder: string;
  /** The data folder around it: never looked at. */
  readonly ownFolder: string;
  readonly quotaBytes: number;
  readonly bounds: Bounds;
  /** What of files is kept below a root, asked at each look; default the usual. */
  readonly rulesOf?: (root: string) => KeepRules;
  /** What programs are run with, to look and to take back; default the process's own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Why a command may not be run to take something back; null where it may. Default: all may. */
  readonly refusal?: (command: string) => string | null;
  /** Open databases by their names; without them, only databases in files are kept. */
  readonly connect?: DatabaseKindOptions["connect"];
  readonly now?: () => number;
}

/** Which changes of a run a person means. */
export interface Wanted extends Omit<Selection, "notBy"> {
  /** Only what came after this action. */
  readonly afterActionId?: string | undefined;
}

/** A part with the kind that will carry it out. */
export interface PlannedPart extends Part {
  readonly of: UndoKindName;
}

/** Everything that is kept on this machine, of every kind, and the way back. */
export class SnapshotKeeper {
  readonly files: FileKind;
  readonly commands: CommandKind;
  readonly custom: CustomKind;
  readonly databases: DatabaseKind;
  /** Every kind of thing that can be put back. */
  readonly #kinds: readonly UndoKind[];
  readonly #blobs: BlobStore;
  readonly #records: Journals<UndoRecord>;
  readonly #order: ActionOrder;
  readonly #now: () => number;
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(options: KeeperOptions) {
    const { folder, now = Date.now } = options;
    this.#now = now;
    this.#environment = options.environment ?? process.env;
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
    this.#blobs = new BlobStore({ folder: join(folder, "blobs"), quotaBytes: options.quotaBytes });
    this.#records = new Journals(join(folder, "undo-records"));
    this.#order = new ActionOrder(join(folder, "order.jsonl"));
    this.files = new FileKind({ rulesOf: () => usualRules, ...options, blobs: this.#blobs, mergeByKey: mergeConfig });
    this.commands = new CommandKind({ ...options, environment: () => ({ ...this.#environment, PATH: this.programPath }) });
    this.custom = new CustomKind({ folder, now, blobs: this.#blobs });
    this.databases = new DatabaseKind({ folder, now, connect: options.connect ?? { postgres: noConnection, mysql: noConnection } });
    // What is looked at through files comes after what is in them.
    this.#kinds = [this.databases, this.files, this.commands, this.custom];
  }

  /** Where programs are looked for that no agent may have put there, as far as its workspace goes. */
  get programPath(): string {
    return programPath(this.#environment["PATH"], this.files.roots);
  }

  /** Most bytes that contents take on disk. */
  set quotaBytes(bytes: number) {
    this.#blobs.quotaBytes = bytes;
  }

  /** An action is about to run. Each kind is told by itself what of its things that may change. */
  began(key: ActionKey): void {
    this.#order.append({ ...key, at: this.#now(), kind: "began" });
  }

  /** The action ran: what changed since it began may be its doing. */
  async ended(key: ActionKey): Promise<void> {
    this.#order.append({ ...key, at: this.#now(), kind: "ended" });
    for (const kind of this.#kinds) await kind.ended(key);
  }

  /** The action never ran. */
  async cancelled(key: ActionKey): Promise<void> {
    for (const kind of this.#kinds) await kind.cancelled(key);
  }

  /** What an action hands in, so that its program can take it back. */
  give(key: ActionKey, agent: string, handedIn: HandedIn): void {
    this.custom.give(key, agent, handedIn);
    // One that nothing else is kept of has a place in the order all the same.
    if (!this.#order.has(key)) this.began(key);
  }

  isUnderWay(runId: string): boolean {
    return this.#underWay(runId).length > 0;
  }

  /** Looks at what actions of a run, under way until now, have done. */
  async settle(runId: string): Promise<void> {
    for (const key of this.#underWay(runId)) await this.ended(key);
  }

  /** What a run changed in all, each thing once. */
  async changesOf(runId: string): Promise<PathChange[]> {
    const reserved = this.#reserved({ runId });
    const found: PathChange[] = [];
    for (const kind of this.#kinds) found.push(...(await kind.changesOf({ runId }, reserved)));
    return found;
  }

  /** What of a run can be taken back beyond files, and what not. */
  beyondFiles(runId: string): BeyondFiles[] {
    return this.#kinds.flatMap((kind) => kind.beyondFiles(runId));
  }

  /** What it would take to undo, as everything stands now, in the order in which it will be done. */
  async plan({ afterActionId, ...wanted }: Wanted): Promise<PlannedPart[]> {
    const selection = { ...wanted, ...(afterActionId === undefined ? {} : { notBy: this.#notAfter(wanted.runId, afterActionId) }) };
    const reserved = this.#reserved(selection);
    const parts: PlannedPart[] = [];
    for (const kind of this.#kinds) parts.push(...(await kind.plan(selection, reserved)).map((part) => ({ ...part, of: kind.name })));
    return parts.toSorted((one, other) => other.since - one.since);
  }

  /** What it would take to take an undo back, its last part first. @throws PullcordError `not_found`/`unknown_undo` */
  async planRedo(undoId: string): Promise<PlannedPart[]> {
    const record = this.#records.read(undoId);
    if (!record) throw new PullcordError("not_found", "unknown_undo", `Nothing is kept of undo ${undoId}.`);
    const parts: PlannedPart[] = [];
    for (const { id, of } of record.parts.toReversed()) {
      const part = await this.#kind(of).planRedo(id);
      if (part) parts.push({ ...part, of });
    }
    // What programs take back can't be taken back when something else fails, here as in an undo.
    return [...parts.filter(({ of }) => of !== "custom"), ...parts.filter(({ of }) => of === "custom")];
  }

  shown(parts: readonly PlannedPart[]): { readonly changes: PathChange[]; readonly conflicts: PathLeft[]; readonly digest: string } {
    return {
      changes: parts.flatMap(({ changes }) => changes),
      conflicts: parts.flatMap(({ conflicts }) => conflicts),
      digest: hash("sha256", canonicalJson({ parts: parts.map(({ of, means }) => ({ of, means })) })),
    };
  }

  /** Writes down what was planned; from then on it is carried out, by a later server if need be. */
  begin(undoId: string, parts: readonly PlannedPart[]): void {
    if (this.#records.read(undoId)) return;
    const named = parts.map((part, index) => ({ part, id: `${undoId}-${index}` }));
    for (const { part, id } of named) part.begin(id);
    this.#records.write({ id: undoId, parts: named.map(({ part: { of }, id }) => ({ of, id })), state: "running", ends: [] });
  }

  /** Does what `begin` wrote down, or the rest of it: all of it, or nothing when a part fails. */
  carryOut(undoId: string): Promise<UndoEnd> {
    return carryOutParts(undoId, { records: this.#records, kind: (name) => this.#kind(name) });
  }

  /** Lets go of what is older, in milliseconds since 1970, and of contents that nothing needs any more. */
  sweep(olderThan: number): void {
    const needed = new Set(this.#kinds.flatMap((kind) => [...kind.sweep(olderThan)]));
    this.#records.drop(olderThan, ({ state }) => state === "done" || state === "backed_out");
    this.#order.drop(olderThan);
    this.#blobs.sweep((each) => needed.has(each));
  }

  async close(): Promise<void> {
    for (const kind of this.#kinds) await kind.close();
    this.#blobs.close();
  }

  #underWay(runId: string): ActionKey[] {
    const all = this.#kinds.flatMap((kind) => kind.underWay(runId));
    return [...new Map(all.map((key) => [key.actionId, key])).values()];
  }

  #notAfter(runId: string, actionId: string): Set<string> {
    const found = this.#order.notAfter({ runId, actionId });
    if (found) return found;
    const text = `Nothing was kept for action ${actionId}, so what came after it can't be told. Name the last action before that one that changed something.`;
    throw new PullcordError("invalid", "undo_scope", text, { field: "/to" });
  }

  /** What kinds take back in their own way: only files that no action changed which they know nothing of. */
  #reserved(selection: Selection): Reservation[] {
    return this.#kinds
      .flatMap((kind) => kind.reservations(selection))
      .filter(({ paths, actionIds }) => this.files.changedBy(paths, selection).every((id) => actionIds.has(id)));
  }

  #kind(name: UndoKindName): UndoKind {
    const found = this.#kinds.find((kind) => kind.name === name);
    if (!found) throw new Error(`There is no undo of kind ${name}.`);
    return found;
  }
}

function noConnection(name: string): Promise<never> {
  return Promise.reject(new PullcordError("unavailable", "rows_not_kept", `The database ${name} is not known here.`));
}
