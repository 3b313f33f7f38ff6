import { JsonLines } from "./json-lines.js";
import type { ActionKey } from "./kind.js";

interface Note extends ActionKey {
  readonly at: number;
  readonly kind: "began" | "ended";
}

/** In which order actions began and ended: what came after an action is told by this, whatever clocks say. */
export class ActionOrder {
  readonly #file: JsonLines<Note>;
  #notes: Note[];

  constructor(file: string) {
    this.#file = new JsonLines(file);
    this.#notes = this.#file.all();
  }

  append(note: Note): void {
    this.#notes.push(note);
    this.#file.append(note);
  }

  has({ runId, actionId }: ActionKey): boolean {
    return this.#notes.some((note) => note.runId === runId && note.actionId === actionId);
  }

  /** The actions of a run that did not begin after one had ended, itself among them; null for one that is not known. */
  notAfter({ runId, actionId }: ActionKey): Set<string> | null {
    const own = this.#notes.filter((note) => note.runId === runId);
    const ended = own.findLastIndex((note) => note.actionId === actionId);
    if (ended < 0) return null;
    return new Set(own.slice(0, ended + 1).map((note) => note.actionId));
  }

  /** Lets go of what is older, in milliseconds since 1970. */
  drop(olderThan: number): void {
    this.#notes = this.#notes.filter(({ at }) => at >= olderThan);
    this.#file.replace(this.#notes);
  }
}
