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
import { ownerOnlyFile, ownerOnlyFolder } from "./owner-only.js";

/** Journals of one folder, each a file that is replaced whole: what will be done is written down before any of it is. */
export class Journals<Journal extends { readonly id: string }> {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder });
  }

  write(journal: Journal): void {
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

  read(id: string): Journal | null {
    const file = this.#file(id);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Journal) : null;
  }

  all(): Journal[] {
    const ids = readdirSync(this.#folder).flatMap((name) => (name.endsWith(".json") ? [name.slice(0, -".json".length)] : []));
    return ids.flatMap((id) => this.#readable(id) ?? []);
  }

  /** One that was spoilt on disk keeps nobody from the others. */
  #readable(id: string): Journal | null {
    try {
      return this.read(id);
    } catch {
      return null;
    }
  }

  remove(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  /** Lets go of those that ended before, in milliseconds since 1970: they cannot be taken back any more. */
  drop(olderThan: number, isOver: (journal: Journal) => boolean): void {
    for (const journal of this.all()) {
      if (isOver(journal) && statSync(this.#file(journal.id)).mtimeMs < olderThan) rmSync(this.#file(journal.id));
    }
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
