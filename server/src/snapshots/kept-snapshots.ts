import { homedir } from "node:os";
import { join } from "node:path";
import {
  isPullcordError,
  bounds,
  type Action,
  type ActionState,
  type AuditEntry,
  type FetchUndoTask,
  type HandedIn,
  type Mode,
  type SettledUndo,
  type TriedRows,
  type UndoScope,
  type UndoTask,
  type UndoTaskAnswer,
} from "@pullcord/sdk/protocol";
import { SnapshotKeeper, type PlannedPart } from "@pullcord/sdk/undo";
import type { Policy } from "../domain/policy/policy.js";
import type { Read, Surroundings } from "../domain/reading.js";
import type { BeyondFiles, PlannedKeep, KeptAction, Snapshots, PlannedUndo, RowsQuestion, UndoResult } from "../domain/snapshots.js";
import type { Connections } from "./connections.js";
import { keepRules } from "./keep-rules.js";
import { LocalMachine } from "./local-machine.js";
import { noSnapshotsHere, otherMachine, type AgentsMachine } from "./agents-machine.js";

/** How long when the disk space is used up, in milliseconds. */
const keepWhenFullMs = 24 * 3_600_000;
/** Most files of a workspace that is watched as a whole. */
const mostEntries = 150_000;

export interface KeptSnapshotsOptions {
  readonly dataFolder: string;
  /** Remote: the agents work on another machine, and only what programs hand in is kept. */
  readonly mode: Mode;
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

/** What is kept in the data folder: of the agents' machine, where that is this one, and what programs hand in. */
export class KeptSnapshots implements Snapshots {
  readonly #options: KeptSnapshotsOptions;
  readonly #keeper: SnapshotKeeper;
  readonly #machine: AgentsMachine;
  /** One undo at a time. */
  #undoing: Promise<unknown> = Promise.resolve();

  constructor(options: KeptSnapshotsOptions) {
    this.#options = options;
    const { environment = process.env, refusal = () => null, connections } = options;
    this.#keeper = new SnapshotKeeper({
      folder: join(options.dataFolder, "snapshots"),
      ownFolder: options.dataFolder,
      quotaBytes: options.policy().snapshots.quotaBytes,
      bounds: { mostEntries, longestMs: bounds.snapshotMs },
      rulesOf: (root) => keepRules(options.policy().snapshots, { workspace: root, home: homedir() }),
      environment,
      refusal,
      now: options.now,
      ...(connections && { connect: connections.drivers }),
    });
    this.#machine = options.mode === "remote" ? otherMachine : new LocalMachine(this.#keeper, options);
    // What keeps old ones from being let go of (a full disk) keeps nobody from stopping an agent.
    try {
      this.letGo();
    } catch (error) {
      options.onFailure(error);
    }
  }

  get isBesideAgents(): boolean {
    return this.#machine.isHere;
  }

  letGo(): void {
    this.#keeper.sweep(this.#options.now() - this.#options.policy().snapshots.keepMs);
  }

  async before(action: KeptAction): Promise<readonly string[]> {
    this.#keeper.quotaBytes = this.#options.policy().snapshots.quotaBytes;
    try {
      return await this.#machine.before(action);
    } catch (error) {
      this.#makeRoom(error);
      return await this.#machine.before(action);
    }
  }

  /** The newest is worth most: what is older makes room. @throws whatever is no lack of space */
  #makeRoom(error: unknown): void {
    if (!isPullcordError(error) || error.reason !== "snapshot_quota") throw error;
    this.#keeper.sweep(this.#options.now() - Math.min(keepWhenFullMs, this.#options.policy().snapshots.keepMs));
  }

  previewRows(question: RowsQuestion, signal: AbortSignal): Promise<TriedRows> {
    return this.#machine.previewRows(question, signal);
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
      if (type === "run.opened") this.#machine.lookAhead(body["workingDirectory"]);
      const heard =
        type === "action.cancelled" && actionId !== undefined
          ? this.#keeper.cancelled({ runId, actionId })
          : type === "run.finished" || type === "intervention.took_effect"
            ? this.settle(runId)
            : undefined;
      heard?.catch(this.#options.onFailure);
    }
  }

  async changesOf(runId: string) {
    this.#requireKept(runId);
    return this.#keeper.changesOf(runId);
  }

  beyondFilesOf(runId: string): readonly BeyondFiles[] {
    return this.#keeper.beyondFiles(runId);
  }

  limitsOf(runId: string, workingDirectory: string | null): readonly string[] {
    return this.#machine.limitsOf(runId, workingDirectory);
  }

  async plan(runId: string, { action, undo, to, only }: UndoScope): Promise<PlannedUndo> {
    this.#requireKept(runId);
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
    const others = (await this.#keeper.changesOf(runId)).filter(({ of }) => of !== "file" && of !== "config");
    const elsewhere = others.map(({ of, path, runs }) => {
      const revert = runs.length === 0 ? "" : ` To revert it: ${runs.join("; ")}`;
      return { of, path, sentence: `It is no file of the repository.${revert}` };
    });
    return this.#machine.planKeep(runId, workingDirectory, elsewhere);
  }

  give({ id, runId, agent }: Pick<Action, "id" | "runId" | "agent">, handedIn: HandedIn): void {
    const give = () => this.#keeper.give({ runId, actionId: id }, agent, handedIn);
    this.#keeper.quotaBytes = this.#options.policy().snapshots.quotaBytes;
    try {
      give();
    } catch (error) {
      this.#makeRoom(error);
      give();
    }
  }

  settleUndo({ id, runId }: Pick<Action, "id" | "runId">, settled: SettledUndo): void {
    this.#keeper.custom.settle({ runId, actionId: id }, settled);
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

  /** Where nothing of a run could be seen, nobody is told that it changed nothing. @throws PullcordError `unavailable`/`no_snapshots_here` */
  #requireKept(runId: string): void {
    if (!this.#machine.isHere && !this.#keeper.custom.hasAny(runId)) throw noSnapshotsHere();
  }
}
