import type { JsonObject } from "./json.js";
import type { PathChange, PathLeft } from "./undo.js";

/** What a program says of one thing that it changed, or will: its word, and shown as such. `path` is below its handler's name. */
export type ToldChange = Pick<PathChange, "path" | "kind" | "sentence" | "diff" | "runs">;

/** What a program says that it leaves as it is, and why. */
export type ToldLeft = Pick<PathLeft, "path" | "sentence">;

/** What an action hands in so that a program can take it back later (A22, custom). */
export interface HandedIn {
  /** The name that the program has registered its handler by. */
  readonly handler: string;
  /** Whatever the handler needs, such as the id of a payment; at most `bounds.undoDataLength` as JSON. Kept as it is, shown to nobody. */
  readonly data: JsonObject;
  /** One line for people: what it would take back. */
  readonly summary: string;
  /** What the action changes, one by one, for people; at most `bounds.undoItems`. */
  readonly changes?: readonly ToldChange[];
  /** The handler is asked once for all that an undo takes back under its name, not for each action: what they did may overlap. */
  readonly isTogether?: boolean;
  /** It has not happened yet. The program says so once it has, or has not: `settleUndo`. */
  readonly isProvisional?: boolean;
}

/** Whether what was handed in as provisional has happened; what has not is forgotten. */
export interface SettledUndo {
  readonly handler: string;
  readonly hasHappened: boolean;
}

/** A handler that a program offers to run. */
export interface OfferedHandler {
  readonly name: string;
  /** It doesn't undo the effect, but makes up for it by a further act: a refund, a message that takes another back. */
  readonly isCompensation: boolean;
}

/** An action with what it handed in. */
export interface HandedInAction {
  readonly actionId: string;
  readonly data: JsonObject;
  /** Nobody has said whether it has happened. */
  readonly isProvisional?: boolean;
}

/** Something that a program is asked to do for an undo. The same one may be asked again after a crash: its `id` then is the same. */
export interface UndoTask extends HandedInAction {
  readonly id: string;
  readonly kind: "preview" | "undo" | "verify";
  readonly handler: string;
  /** What was handed in to be taken back together with it: the actions before it, newest first. */
  readonly earlier?: readonly HandedInAction[];
  /** Only these paths, below the handler's name, and what is below them. */
  readonly only?: readonly string[];
  /** Of an undo: what its preview said was planned. The handler does that, or refuses. */
  readonly planned?: JsonObject;
}

export interface FetchUndoTask {
  readonly handlers: readonly OfferedHandler[];
  /** How long to hold the line, in milliseconds, 0 to `bounds.longPollMs`. */
  readonly waitMs: number;
}

/** What came of a task: of a preview what would happen, of an undo what has, of a look whether it holds. */
export interface UndoTaskAnswer {
  readonly isDone: boolean;
  /** One line for people. */
  readonly sentence: string;
  /** Of a preview: what it would do, one by one. */
  readonly plan?: {
    readonly changes: readonly ToldChange[];
    readonly conflicts: readonly ToldLeft[];
    /** Sent along with the undo; at most `bounds.undoDataLength` as JSON. */
    readonly planned: JsonObject;
  };
  /** Of an undo: what came of it, one by one; it has looked by itself whether that holds. */
  readonly end?: {
    readonly restored: readonly string[];
    readonly conflicts: readonly ToldLeft[];
    readonly unverified: readonly string[];
    /** What the same handler needs to take this back: without it, there is no redo. */
    readonly back?: JsonObject;
  };
}
