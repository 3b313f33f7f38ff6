import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ActionKey } from "./kind.js";

const ownerOnlyFile = 0o600;

interface Note extends ActionKey {
  readonly at: number;
  readonly kind: "began" | "ended";
}

/** In which order actions began and ended: what came after an action is told by this, whatever clocks say. */
export class ActionOrder {
  readonly #file: string;
  #notes: Note[];

  constructor(file: string) {
    this.#file = file;
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    // A line that a crash cut off stays alone.
    if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");
    this.#notes = text.split("\n").flatMap(parsed);
  }

  append(note: Note): void {
    this.#notes.push(note);
    appendFileSync(this.#file, `${JSON.stringify(note)}\n`, { mode: ownerOnlyFile });
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
    writeFileSync(`${this.#file}.new`, this.#notes.map((note) => `${JSON.stringify(note)}\n`).join(""), { mode: ownerOnlyFile });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function parsed(text: string): Note[] {
  try {
    return text === "" ? [] : [JSON.parse(text) as Note];
  } catch {
    return [];
  }
}
