import type { PathChange, PathLeft, UndoKindName } from "../protocol/index.js";

/** An action, and the run it belongs to. */
export interface ActionKey {
  readonly runId: string;
  readonly actionId: string;
}

/** Which changes of a run are meant. */
export interface Selection {
  readonly runId: string;
  /** Only what this action did. */
  readonly actionId?: string | undefined;
  /** Only what came after these actions: nothing that one of them may have done. */
  readonly notBy?: ReadonlySet<string> | undefined;
  /** Only these paths and what is below them: as a change shows them; files also absolute. */
  readonly only?: readonly string[] | undefined;
}

/** A file that a kind takes back in its own way, so that it is not put back as a whole. */
export interface Reservation {
  readonly of: UndoKindName;
  /** Absolute; with it go the files beside it that a program keeps for it. */
  readonly paths: readonly string[];
  /** The actions whose changes to it the kind knows. By any other action as well: it goes back as a file, or stays. */
  readonly actionIds: ReadonlySet<string>;
}

/** What one kind would take back in one place (a workspace, a database): in one go, all of it or nothing. */
export interface Part {
  /**
   * When the oldest change that it takes back was made, in milliseconds since 1970. Parts go back newest first: what
   * was there before all else goes back last.
   */
  readonly since: number;
  readonly changes: readonly PathChange[];
  readonly conflicts: readonly PathLeft[];
  /** Everything that it would do, as JSON: a preview is outdated when this is another. */
  readonly means: unknown;
  /** Writes it down, durably, under a name of its own, before any of it is done: from then on a crash can only delay it. */
  begin(partId: string): void;
}

/** What came of a part, or of an undo as a whole. */
export interface UndoEnd {
  /** Paths that now stand as planned. */
  readonly restored: readonly string[];
  /** Found while it ran; listed, not touched. */
  readonly conflicts: readonly PathLeft[];
  /** Paths that were put and looked different right afterwards. */
  readonly unverified: readonly string[];
  /** Put back, though a program has what stood there open for writing; left out when none was seen. */
  readonly heldOpen?: readonly PathLeft[];
  /** Set when a step failed: then everything was taken back again, and nothing is changed. */
  readonly failure?: string;
}

/** What a kind says of an action with effects beyond files. */
export interface BeyondFiles {
  readonly actionId: string;
  /** Why they cannot be taken back; null where they can. */
  readonly notKept: string | null;
  /** Something was seen to stay, whatever the action was judged to be. */
  readonly stays?: true;
}

/**
 * One kind of thing that actions change: it keeps what stood before, plans the way back, goes it, and looks whether it
 * got there. A kind is a folder beside this file and its entry in `keeper.ts`; how it is told what an action is about to
 * change is its own affair. Whatever it keeps is readable by its owner alone, and survives being killed at any moment.
 */
export interface UndoKind {
  readonly name: UndoKindName;
  /** The action ran: what it did is looked at. One that was not begun here is none of this kind's. */
  ended(key: ActionKey): Promise<void>;
  /** The action never ran. */
  cancelled(key: ActionKey): Promise<void>;
  /** Actions of a run that began and are not known to have ended. */
  underWay(runId: string): readonly ActionKey[];
  /** What is selected in all, each thing once, from before its first change to after its last; `reserved` is others'. */
  changesOf(selection: Selection, reserved: readonly Reservation[]): readonly PathChange[] | Promise<readonly PathChange[]>;
  /** Files that this kind would rather take back itself. */
  reservations(selection: Selection): readonly Reservation[];
  /** What of a run can be taken back beyond files, and what not. */
  beyondFiles(runId: string): readonly BeyondFiles[];
  /** What it would take to take back what is selected, as everything stands now. */
  plan(selection: Selection, reserved: readonly Reservation[]): Promise<readonly Part[]>;
  /** What it would take to take back a part that was carried out; null where nothing is kept of it. */
  planRedo(partId: string): Promise<Part | null>;
  /**
   * Does what was begun, or the rest of it: all of it, or nothing and a failure. The same part may be carried out again.
   * @throws where not even its journal can be written; a later server goes on then
   */
  carryOut(partId: string): Promise<UndoEnd>;
  /** Takes a part back that was carried out, because a later one failed. May be repeated. @returns what could not be */
  backOut(partId: string): Promise<UndoEnd>;
  /** Lets go of what is older, in milliseconds since 1970. @returns hashes of the contents in the blob store still needed */
  sweep(olderThan: number): ReadonlySet<string>;
  close(): Promise<void>;
}

/** Whether a change by these actions is selected: by whom alone is looked at, not where. */
export function isByWanted(by: readonly ActionKey[], { runId, actionId, notBy }: Selection): boolean {
  const own = by.flatMap((key) => (key.runId === runId ? [key.actionId] : []));
  if (own.length === 0) return false;
  return (actionId === undefined || own.includes(actionId)) && (notBy === undefined || !own.some((id) => notBy.has(id)));
}

/** Whether a path is one of those selected, or below one. */
export function isPathWanted(path: string, only: Selection["only"]): boolean {
  return only === undefined || only.some((wanted) => path === wanted || path.startsWith(`${wanted}/`));
}
