import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Operation } from "./operations.js";
import type { Conflict, PlannedChange } from "./plan.js";

const ownerOnlyFolder = 0o700;
const ownerOnlyFile = 0o600;

/** An undo on disk: what it will do is written down before it does any of it. */
export interface UndoJournal {
  readonly id: string;
  readonly root: string;
  readonly changes: readonly PlannedChange[];
  readonly steps: readonly Operation[];
  /** Steps that are done for certain; the next one may be. */
  readonly done: number;
  /** `backing_out` after a step failed: the done ones are taken back. */
  readonly state: "running" | "backing_out" | "done" | "backed_out";
  /** Found on the way; steps of these paths were not done. */
  readonly conflicts: readonly Conflict[];
  /** Why it was backed out. */
  readonly failure?: string;
}

/** The undos of one data folder, each a file that is replaced whole. */
export class UndoJournals {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
  }

  write(journal: UndoJournal): void {
    const file = this.#file(journal.id);
    const handle = openSync(`${file}.new`, "w", ownerOnlyFile);
    try {
      writeSync(handle, JSON.stringify(journal));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(`${file}.new`, file);
  }

  read(id: string): UndoJournal | null {
    const file = this.#file(id);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as UndoJournal) : null;
  }

  all(): UndoJournal[] {
    const ids = readdirSync(this.#folder).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));
    return ids.flatMap((id) => this.read(id) ?? []);
  }

  /** Lets go of those that ended before, in milliseconds since 1970: they cannot be taken back any more. */
  drop(olderThan: number): void {
    for (const { id, state } of this.all()) {
      const isOver = state === "done" || state === "backed_out";
      if (isOver && statSync(this.#file(id)).mtimeMs < olderThan) rmSync(this.#file(id));
    }
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
