import { PullcordError, type PathLeft, type TriedRows } from "@pullcord/sdk/protocol";
import { isGitObject, type SnapshotKeeper } from "@pullcord/sdk/undo";
import type { Policy } from "../domain/policy/policy.js";
import type { Read, Reading, Surroundings } from "../domain/reading.js";
import type { KeptAction, PlannedKeep, RowsQuestion } from "../domain/snapshots.js";
import type { Capture } from "./capture.js";
import { captureCommands } from "./commands.js";
import { captureDatabases, previewRows } from "./databases.js";
import { captureFiles, watchedRoot } from "./files.js";
import { planKeep } from "./keep/plan-keep.js";
import { mountsBelow } from "./mounts.js";
import type { AgentsMachine } from "./agents-machine.js";
import { triedRows } from "./rows-preview.js";

/** Most paths that are named one by one in a sentence. */
const mostNamed = 10;

export interface LocalMachineOptions {
  readonly read: Read;
  readonly surroundings: (workingDirectory: string | null) => Surroundings;
  readonly now: () => number;
  /** The action policy in force: it says what of files is kept. */
  readonly policy: () => Pick<Policy, "snapshots">;
}

/** The machine that this server runs on. */
export class LocalMachine implements AgentsMachine {
  readonly isHere = true;
  readonly #keeper: SnapshotKeeper;
  readonly #options: LocalMachineOptions;
  /** One for each kind of thing that can be put back. */
  readonly #captures: readonly Capture[];
  /** Runs that were told what of their workspace can't be kept. */
  readonly #told = new Set<string>();

  constructor(keeper: SnapshotKeeper, options: LocalMachineOptions) {
    this.#keeper = keeper;
    this.#options = options;
    // Files are looked at after rows: trying those out may touch the file that they are in.
    this.#captures = [captureDatabases(keeper, options.now), captureFiles(keeper), captureCommands(keeper, options.read)];
  }

  async before({ id, runId, proposed, approvedArguments, workingDirectory, rowsPreview }: KeptAction): Promise<readonly string[]> {
    const surroundings = this.#options.surroundings(workingDirectory);
    const runs = approvedArguments === undefined ? proposed : { ...proposed, arguments: approvedArguments };
    const key = { runId, actionId: id };
    this.#keeper.began(key);
    const reading = this.#options.read(runs, surroundings);
    for (const capture of this.#captures) await capture({ key, proposed: runs, reading, surroundings, rowsPreview });
    const linked = this.#linked(reading.writes, surroundings);
    if (this.#told.has(runId)) return linked;
    this.#told.add(runId);
    return [...this.#notKept(workingDirectory), ...linked];
  }

  /** Of what an action says that it writes: a command may write to others, which the undo then names. */
  #linked(writes: Reading["writes"], surroundings: Surroundings): string[] {
    const root = watchedRoot(this.#keeper.files, surroundings);
    const linked = root === null ? [] : this.#keeper.files.namedElsewhere(root, [...new Set(writes.filter((path) => path !== null))]);
    if (linked.length === 0) return [];
    return [
      `Known under other names elsewhere (hard links), where what is written to it stays, since an undo changes it here alone: ${named(linked)}.`,
    ];
  }

  async previewRows({ rows, workingDirectory }: RowsQuestion, signal: AbortSignal): Promise<TriedRows> {
    const surroundings = this.#options.surroundings(workingDirectory);
    return triedRows(await previewRows(this.#keeper, { rows, surroundings, signal }), this.#options.now());
  }

  lookAhead(workingDirectory: unknown): void {
    const root = typeof workingDirectory === "string" ? this.#rootOf(workingDirectory) : null;
    // What keeps it from being looked at is said when an action needs it.
    if (root !== null)
      this.#keeper.files
        .workspace(root)
        .look(null)
        .catch(() => undefined);
  }

  limitsOf(runId: string, workingDirectory: string | null): readonly string[] {
    return [...this.#limitsIn(workingDirectory), ...this.#moving(runId)];
  }

  #moving(runId: string): string[] {
    const moving = this.#keeper.files.movingOf(runId);
    if (moving.length === 0) return [];
    return [`Kept changing while it was looked at, so what is kept of it may fit no single moment: ${named(moving)}.`];
  }

  #notKept(workingDirectory: string | null): string[] {
    const root = this.#rootOf(workingDirectory);
    if (root === null) return [];
    const workspace = this.#keeper.files.workspace(root);
    const [unkept, unseen] = [workspace.unkept(), workspace.unseen()];
    const largest = this.#options.policy().snapshots.largestFileBytes / 2 ** 20;
    const [objects, files] = [unkept.filter(isGitObject), unkept.filter((path) => !isGitObject(path))];
    const left = `Not kept, since it is larger than ${largest} MiB, there is no room for it, or it can't be read, so no undo brings it back`;
    const past = "Git's own past is not kept as a whole, since it is too much (`git gc` packs it) or on another file system";
    const hidden =
      "Could not all be looked into (too many files, too deep, or not to be read), so what is new there stays and is not listed";
    return [
      ...(files.length === 0 ? [] : [`${left}: ${named(files)}.`]),
      ...(objects.length === 0 ? [] : [`${past}: ${named(objects)}.`]),
      ...(unseen.length === 0 ? [] : [`${hidden}: ${named(unseen)}.`]),
    ];
  }

  #limitsIn(workingDirectory: string | null): readonly string[] {
    const root = this.#rootOf(workingDirectory);
    if (root === null)
      return ["The run has no workspace of its own, so only files that an action named are kept, not what commands changed."];
    return [
      `Kept is what changed in ${root} while an action ran, and files elsewhere that an action named.`,
      "Not kept: folders that an install or a build makes again (node_modules, .venv, caches), contents of git LFS, owners, extended attributes and ACLs of files, and what the policy's snapshots leave out.",
      ...mountedIn(root),
      ...this.#notKept(workingDirectory),
    ];
  }

  async planKeep(runId: string, workingDirectory: string | null, others: readonly PathLeft[]): Promise<PlannedKeep> {
    const { files, programPath } = this.#keeper;
    const root = this.#rootOf(workingDirectory);
    if (root === null) {
      const text = `Run ${runId} has no workspace of its own, so there is no repository to keep a commit in.`;
      throw new PullcordError("conflict", "no_repository", text);
    }
    const outside = files.watches("/") ? files.workspace("/").committablePaths(runId) : [];
    const elsewhere = [...outside].map((path) => ({
      of: "file" as const,
      path: `/${path}`,
      sentence: "It is not in the run's repository.",
    }));
    return planKeep({ workspace: files.workspace(root), runId, elsewhere: [...elsewhere, ...others], programPath });
  }

  #rootOf(workingDirectory: string | null): string | null {
    return watchedRoot(this.#keeper.files, this.#options.surroundings(workingDirectory));
  }
}

function mountedIn(root: string): string[] {
  const mounts = mountsBelow(root);
  return mounts.length === 0 ? [] : [`Not kept, and left alone by an undo, since it is mounted there: ${named(mounts)}.`];
}

function named(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? `, and ${paths.length - mostNamed} more` : "";
  return `${paths.slice(0, mostNamed).join(", ")}${more}`;
}
