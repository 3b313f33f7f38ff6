import type { JsonObject } from "./json.js";

/** What an action hands in so that a program can take it back later (A22, custom). */
export interface HandedIn {
  /** The name that the program has registered its handler by. */
  readonly handler: string;
  /** Whatever the handler needs, such as the id of a payment; at most `limits.undoDataLength` as JSON. Kept as it is, shown to nobody. */
  readonly data: JsonObject;
  /** One line for people: what it would take back. */
  readonly summary: string;
}

/** A handler that a program offers to run. */
export interface OfferedHandler {
  readonly name: string;
  /** It doesn't undo the effect, but makes up for it by a further act: a refund, a message that takes another back. */
  readonly isCompensation: boolean;
}

/** Something that a program is asked to do for an undo. The same one may be asked again after a crash: its `id` then is the same. */
export interface UndoTask {
  readonly id: string;
  readonly kind: "preview" | "undo" | "verify";
  readonly handler: string;
  readonly actionId: string;
  readonly data: JsonObject;
}

export interface FetchUndoTask {
  readonly handlers: readonly OfferedHandler[];
  /** How long to hold the line, in milliseconds, 0 to `limits.longPollMs`. */
  readonly waitMs: number;
}

/** What came of a task: of a preview what would happen, of an undo what has, of a look whether it holds. */
export interface UndoTaskAnswer {
  readonly isDone: boolean;
  /** One line for people. */
  readonly sentence: string;
}
