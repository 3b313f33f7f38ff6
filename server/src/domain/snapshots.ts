import type {
  Action,
  ActionState,
  FetchUndoTask,
  HandedIn,
  PathChange,
  PathLeft,
  SettledUndo,
  RowsPreview,
  TriedRows,
  UndoScope,
  UndoTask,
  UndoTaskAnswer,
} from "@pullcord/sdk/protocol";
import type { KeptRows } from "./reading.js";

/** An action whose surroundings are kept, and where its run works. */
export interface KeptAction extends Pick<Action, "id" | "runId" | "proposed" | "approvedArguments"> {
  /** The run's; null when it named none. */
  readonly workingDirectory: string | null;
  /** What the person who approved it was shown of its rows. */
  readonly rowsPreview?: RowsPreview;
}

/** What would be done, in a form that can be carried out. */
export interface PlannedUndo {
  readonly digest: string;
  readonly changes: readonly PathChange[];
  readonly conflicts: readonly PathLeft[];
  /** Writes it down for good; from then on `carryOut` does it, or the rest of it after a crash. */
  readonly begin: (undoId: string) => void;
}

export interface UndoResult {
  readonly restored: readonly string[];
  readonly conflicts: readonly PathLeft[];
  readonly unverified: readonly string[];
  readonly heldOpen?: readonly PathLeft[];
  readonly failure?: string;
}

/** An action with effects beyond files. */
export interface BeyondFiles {
  readonly actionId: string;
  /** Why they cannot be taken back; null where they can. */
  readonly notKept: string | null;
  /** Something was seen to stay, whatever the action was judged to be. */
  readonly stays?: true;
}

/** Who wrote a commit, or put it in. */
export interface Signature {
  readonly name: string;
  readonly email: string;
}

/** A commit of what a run changed, as it would be made. */
export interface PlannedKeep {
  /** Null in a repository without a commit. */
  readonly base: { readonly commit: string; readonly subject: string } | null;
  readonly paths: readonly string[];
  readonly left: readonly PathLeft[];
  readonly digest: string;
  /** Whom the repository's own configuration names, as far as it does. */
  readonly person: Partial<Signature>;
  /** @throws PullcordError `invalid`/`branch` */
  readonly requireName: (branch: string) => Promise<void>;
  /**
   * Makes the commit on a new branch, or finds it there; index, HEAD and working tree stay as they are.
   * @returns the commit's id. @throws PullcordError `conflict`/`branch_exists`
   */
  readonly commit: (wanted: {
    readonly branch: string;
    readonly message: string;
    readonly author: Signature;
    readonly committer: Signature;
  }) => Promise<string>;
}

/** Rows that people are to see before they decide. */
export interface RowsQuestion {
  readonly rows: readonly KeptRows[];
  /** The run's; null when it named none. */
  readonly workingDirectory: string | null;
}

/** A plan as it stood at one time: edited or judged again since, its rows are previewed anew. */
export interface StandingPlan {
  readonly planId: string;
  readonly digest: string;
  /** When its rows were asked for, in milliseconds since 1970. */
  readonly at: number;
}

/** The same, for whoever is asked about an action, or about the steps of a plan. */
export interface RowsTask {
  readonly agent: string;
  readonly of: { readonly kind: "action"; readonly actionId: string } | ({ readonly kind: "plan" } & StandingPlan);
  /** Each is tried by itself, in this order. */
  readonly questions: readonly RowsQuestion[];
}

/** Keeps what stood before each action of the runs on this machine, and what programs hand in, and brings it back. */
export interface Snapshots {
  /** Whether what actions change can be looked at: not where agents work on another machine (remote mode). */
  readonly isBesideAgents: boolean;
  /**
   * Before the action runs.
   * @returns what of its place can't be kept, in sentences, once for each run
   * @throws PullcordError `unavailable` when it cannot be kept; `conflict`/`rows_outgrown` when it would change other rows
   * than the person was shown
   */
  before(action: KeptAction): Promise<readonly string[]>;
  /** Tries what SQL would do to rows, and takes it back. @throws PullcordError `unavailable`/`rows_not_kept` with the reason */
  previewRows(question: RowsQuestion, signal: AbortSignal): Promise<TriedRows>;
  /** After it ran; nothing for an action that was never kept. */
  after(action: Pick<Action, "id" | "runId">, ended: ActionState): Promise<void>;
  /** The run is over: whatever was under way has done what it did. */
  settle(runId: string): Promise<void>;
  /** Whether an action of the run was let go and has not ended. */
  isUnderWay(runId: string): boolean;
  /** @throws PullcordError `unavailable`/`no_snapshots_here` where agents work elsewhere, and nothing of the run was handed in */
  changesOf(runId: string): Promise<readonly PathChange[]>;
  /** Actions with effects beyond files that were kept, and of those that could not be, why. */
  beyondFilesOf(runId: string): readonly BeyondFiles[];
  /** What is not kept of a run that works there, or may not be whole, in sentences. */
  limitsOf(runId: string, workingDirectory: string | null): readonly string[];
  /** Throws as `changesOf` does. */
  plan(runId: string, scope: UndoScope): Promise<PlannedUndo>;
  carryOut(undoId: string): Promise<UndoResult>;
  /** Keeps what an action hands in, so that a program can take it back. @throws PullcordError `unavailable`/`snapshot_quota` */
  give(action: Pick<Action, "id" | "runId" | "agent">, handedIn: HandedIn): void;
  /** What was handed in before it happened, has happened, or has not. */
  settleUndo(action: Pick<Action, "id" | "runId">, settled: SettledUndo): void;
  /** A program's question for something to do; null after a while. */
  fetchTask(agent: string, wanted: FetchUndoTask, gone: AbortSignal): Promise<UndoTask | null>;
  /** @throws PullcordError `not_found`/`unknown_undo_task` */
  answerTask(agent: string, taskId: string, answer: UndoTaskAnswer): void;
  /** Resolved once an undo waits for a program. */
  readonly programAsked: Promise<void>;
  /** Lets go of what is older than the policy wants it kept. */
  letGo(): void;
  /**
   * What keeping a run's changes as a commit comes to.
   * @throws PullcordError `conflict`/`no_repository`, `conflict`/`nothing_to_keep`, `unavailable`/`git_missing`,
   * `unavailable`/`no_snapshots_here`
   */
  planKeep(runId: string, workingDirectory: string | null): Promise<PlannedKeep>;
}
