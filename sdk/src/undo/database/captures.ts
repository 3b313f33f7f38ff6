import { join } from "node:path";
import { Journals } from "../journals.js";
import type { ActionKey } from "../kind.js";
import type { Step } from "./step.js";
import type { Trial } from "./try-out.js";

/** Where rows are: a SQLite file by its path, or a database that the server knows by a name. The way in is never kept. */
export type DatabasePlace =
  | { readonly dialect: "sqlite"; readonly path: string }
  | { readonly dialect: "postgres" | "mysql"; readonly name: string };

/** What an action did to the rows of one database. */
export interface Capture {
  /** The action's id, and which of its databases. */
  readonly id: string;
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /** In which order, among those of the same moment. */
  readonly turn: number;
  readonly action: ActionKey;
  readonly place: DatabasePlace;
  /** As it is shown: `shop.db`, `orders`. */
  readonly shown: string;
  /** What was foreseen; null once it is known what ran. */
  readonly trial: Trial | null;
  readonly steps: readonly Step[];
  /** Why some of it can't be told from what others did. */
  readonly unclear: string | null;
}

/** What is kept of actions on databases; each a file for its owner's eyes alone, since rows are in it. */
export class Captures {
  readonly #journals: Journals<Capture>;
  readonly #all: Map<string, Capture>;

  constructor(folder: string) {
    this.#journals = new Journals(join(folder, "rows"));
    this.#all = new Map(this.#journals.all().map((capture) => [capture.id, capture]));
  }

  write(capture: Capture): void {
    this.#journals.write(capture);
    this.#all.set(capture.id, capture);
  }

  forget({ id }: Capture): void {
    this.#journals.remove(id);
    this.#all.delete(id);
  }

  /** Of a run, the oldest first. */
  of(runId: string): Capture[] {
    const own = [...this.#all.values()].filter(({ action }) => action.runId === runId);
    return own.toSorted((one, other) => one.at - other.at || one.turn - other.turn);
  }

  /** The order of the next one. */
  get nextTurn(): number {
    return Math.max(0, ...[...this.#all.values()].map(({ turn }) => turn)) + 1;
  }

  /** Lets go of what is older, in milliseconds since 1970. */
  drop(olderThan: number): void {
    for (const capture of this.#all.values()) if (capture.at < olderThan) this.forget(capture);
  }
}

export function placeName(place: DatabasePlace): string {
  return place.dialect === "sqlite" ? `sqlite ${place.path}` : `${place.dialect} ${place.name}`;
}
