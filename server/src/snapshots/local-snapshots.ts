import { join } from "node:path";
import {
  isPullcordError,
  bounds,
  PullcordError,
  type Action,
  type ActionState,
  type AuditEntry,
  type FetchUndoTask,
  type HandedIn,
  type UndoScope,
  type UndoTask,
  type UndoTaskAnswer,
} from "@pullcord/sdk/protocol";
import { SnapshotKeeper, type PlannedPart } from "@pullcord/sdk/undo";
import type { Policy } from "../domain/policy/policy.js";
import type { Read, Surroundings } from "../domain/reading.js";
import type { BeyondFiles, PlannedKeep, KeptAction, Snapshots, PlannedUndo, UndoResult } from "../domain/snapshots.js";
import type { Capture } from "./capture.js";
import { captureCommands } from "./commands.js";
import type { Connections } from "./connections.js";
import { captureDatabases } from "./databases.js";
import { captureFiles, watchedRoot } from "./files.js";
import { planKeep } from "./keep/plan-keep.js";

/** How long when the disk space is used up, in milliseconds. */
const keepWhenFullMs = 24 * 3_600_000;
/** Most files of a workspace that is watched as a whole. */
const mostEntries = 150_000;

/** Most paths that kept moving and are named one by one. */
const mostMovingNamed = 10;

export interface LocalSnapshotsOptions {
  readonly dataFolder: string;
  /** The action policy in force: it says how much is kept, and how long. */
  readonly policy: () => Pick<Policy, "snapshots">;
  readonly read: Read;
  readonly surroundings: (workingDirectory: string | null) => Surroundings;
  /** What programs are run with, to look and to take back; default the process's own environment. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Why a command may not be run to take something back; null where it may. Default: all may. */
  readonly refusal?: (command: string) => string | null;
  readonly now: () => number;
  /** The databases that the policy names; without them, only those in files are kept. */
  readonly connections?: Connections;
  readonly onFailure: (error: unknown) => void;
}

/** Snapshots of the machine that this server runs on. */
export class LocalSnapshots implements Snapshots {
  readonly #options: LocalSnapshotsOptions;
  readonly #keeper: SnapshotKeeper;
  /** One for each kind of thing that can be put back. */
  readonly #captures: readonly Capture[];
  /** One undo at a time. */
  #undoing: Promise<unknown> = Promise.resolve();

  constructor(options: LocalSnapshotsOptions) {
    this.#options = options;
    const { environment = process.env, refusal = () => null, connections } = options;
    this.#keeper = new SnapshotKeeper({
      folder: join(options.dataFolder, "snapshots"),
      ownFolder: options.dataFolder,
      quotaBytes: options.policy().snapshots.quotaBytes,
      bounds: { mostEntries, longestMs: bounds.snapshotMs },
      environment,
      refusal,
      now: options.now,
      ...(connections && { connect: (name: string) => connections.connect(name) }),
    });
    // Files are looked at after rows: trying those out may touch the file that they are in.
    this.#captures = [captureDatabases(this.#keeper), captureFiles(this.#keeper), captureCommands(this.#keeper, options.read)];
    this.letGo();
  }

  letGo(): void {
    this.#keeper.sweep(this.#options.now() - this.#options.policy().snapshots.keepMs);
  }

  async before(action: KeptAction): Promise<void> {
    this.#keeper.quotaBytes = this.#options.policy().snapshots.quotaBytes;
    try {
      await this.#keep(action);
    } catch (error) {
      if (!isPullcordError(error) || error.reason !== "snapshot_quota") throw error;
      // The newest is worth most: what is older makes room.
      this.#keeper.sweep(this.#options.now() - Math.min(keepWhenFullMs, this.#options.policy().snapshots.keepMs));
      await this.#keep(action);
    }
  }

  async #keep({ id, runId, proposed, approvedArguments, workingDirectory }: KeptAction): Promise<void> {
    const surroundings = this.#options.surroundings(workingDirectory);
    const runs = approvedArguments === undefined ? proposed : { ...proposed, arguments: approvedArguments };
    const key = { runId, actionId: id };
    this.#keeper.began(key);
    const reading = this.#options.read(runs, surroundings);
    for (const capture of this.#captures) await capture({ key, proposed: runs, reading, surroundings });
  }

  after({ id, runId }: { readonly id: string; readonly runId: string }, ended: ActionState): Promise<void> {
    const key = { runId, actionId: id };
    return ended.status === "succeeded" || ended.status === "failed" ? this.#keeper.ended(key) : this.#keeper.cancelled(key);
  }

  settle(runId: string): Promise<void> {
    return this.#keeper.settle(runId);
  }

  isUnderWay(runId: string): boolean {
    return this.#keeper.isUnderWay(runId);
  }

  /** What the record says of runs and actions, for those who do not report by themselves. */
  hear(entries: readonly AuditEntry[]): void {
    for (const { type, runId = "", actionId, body } of entries) {
      // The first look takes longest: it begins before the first action comes.
      if (type === "run.opened") this.#lookAhead(body["workingDirectory"]);
      const heard =
        type === "action.cancelled" && actionId !== undefined
          ? this.#keeper.cancelled({ runId, actionId })
          : type === "run.finished" || type === "intervention.took_effect"
            ? this.settle(runId)
            : undefined;
      heard?.catch(this.#options.onFailure);
    }
  }

  changesOf(runId: string) {
    return this.#keeper.changesOf(runId);
  }

  beyondFilesOf(runId: string): readonly BeyondFiles[] {
    return this.#keeper.beyondFiles(runId);
  }

  limitsOf(runId: string, workingDirectory: string | null): readonly string[] {
    return [...this.#limitsIn(workingDirectory), ...this.#moving(runId)];
  }

  #moving(runId: string): string[] {
    const moving = this.#keeper.files.movingOf(runId);
    if (moving.length === 0) return [];
    const more = moving.length > mostMovingNamed ? `, and ${moving.length - mostMovingNamed} more` : "";
    const named = `${moving.slice(0, mostMovingNamed).join(", ")}${more}`;
    return [`Kept changing while it was looked at, so what is kept of it may fit no single moment: ${named}.`];
  }

  #limitsIn(workingDirectory: string | null): readonly string[] {
    const root = watchedRoot(this.#keeper.files, this.#options.surroundings(workingDirectory));
    if (root === null)
      return ["The run has no workspace of its own, so only files that an action named are kept, not what commands changed."];
    return [
      `Kept is what changed in ${root} while an action ran, and files elsewhere that an action named.`,
      "Not kept: folders that an install or a build makes again (node_modules, .venv, caches), files over 32 MiB, git's objects.",
    ];
  }

  async plan(runId: string, { action, undo, to, only }: UndoScope): Promise<PlannedUndo> {
    const parts: readonly PlannedPart[] =
      undo === undefined
        ? await this.#keeper.plan({ runId, actionId: action, afterActionId: to, only })
        : await this.#keeper.planRedo(undo);
    return { ...this.#keeper.shown(parts), begin: (undoId) => this.#keeper.begin(undoId, parts) };
  }

  carryOut(undoId: string): Promise<UndoResult> {
    const result = this.#undoing.then(() => this.#keeper.carryOut(undoId));
    this.#undoing = result.catch(() => undefined);
    return result;
  }

  async planKeep(runId: string, workingDirectory: string | null): Promise<PlannedKeep> {
    const { files } = this.#keeper;
    const root = watchedRoot(files, this.#options.surroundings(workingDirectory));
    if (root === null) {
      const text = `Run ${runId} has no workspace of its own, so there is no repository to keep a commit in.`;
      throw new PullcordError("conflict", "no_repository", text);
    }
    const outside = files.watches("/") ? files.workspace("/").committablePaths(runId) : [];
    const others = this.#keeper.changesOf(runId).filter(({ of }) => of !== "file" && of !== "config");
    const elsewhere = [
      ...[...outside].map((path) => ({ of: "file" as const, path: `/${path}`, sentence: "It is not in the run's repository." })),
      ...others.map(({ of, path }) => ({ of, path, sentence: "It is no file of the repository." })),
    ];
    return planKeep(files.workspace(root), runId, elsewhere);
  }

  give({ id, runId, agent }: Pick<Action, "id" | "runId" | "agent">, handedIn: HandedIn): void {
    this.#keeper.custom.give({ runId, actionId: id }, agent, handedIn);
  }

  fetchTask(agent: string, wanted: FetchUndoTask, gone: AbortSignal): Promise<UndoTask | null> {
    return this.#keeper.custom.programs.fetch(agent, wanted, gone);
  }

  answerTask(agent: string, taskId: string, answer: UndoTaskAnswer): void {
    this.#keeper.custom.programs.answer(agent, taskId, answer);
  }

  get programAsked(): Promise<void> {
    return this.#keeper.custom.programs.asked;
  }

  /** What waits for a program is left to the next server. */
  stopAsking(): void {
    this.#keeper.custom.programs.close();
  }

  async close(): Promise<void> {
    await this.#undoing;
    await this.#keeper.close();
  }

  #lookAhead(workingDirectory: unknown): void {
    const root =
      typeof workingDirectory === "string" ? watchedRoot(this.#keeper.files, this.#options.surroundings(workingDirectory)) : null;
    // What keeps it from being looked at is said when an action needs it.
    if (root !== null)
      this.#keeper.files
        .workspace(root)
        .look(null)
        .catch(() => undefined);
  }
}
