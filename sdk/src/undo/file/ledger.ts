import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ActionKey } from "../kind.js";
import type { Change, Standing } from "./entry.js";

const ownerOnlyFile = 0o600;

/** A change seen between two looks, with the actions that were under way and could have made it. None: somebody else did. */
export interface SeenChange extends Change {
  readonly by: readonly ActionKey[];
}

/** One line of a workspace's ledger. */
export type LedgerLine =
  | {
      readonly kind: "began";
      readonly at: number;
      readonly action: ActionKey;
      readonly paths: readonly string[] | null;
      /** What kept changing while it was looked at. */
      readonly moving?: readonly string[];
    }
  | {
      readonly kind: "observed";
      readonly at: number;
      readonly changes: readonly SeenChange[];
      /** What was looked at for the first time: how it stood before anything of this ledger. */
      readonly first: readonly (readonly [path: string, standing: Standing])[];
    }
  | { readonly kind: "ended"; readonly at: number; readonly action: ActionKey };

/** What was seen in one workspace, in order; a file of JSON lines that only ever grows, but for what retention drops. */
export class Ledger {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    // A line that a crash cut off stays alone.
    if (existsSync(file) && !readFileSync(file, "utf8").endsWith("\n")) appendFileSync(file, "\n");
  }

  append(line: LedgerLine): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`, { mode: ownerOnlyFile });
  }

  /** From a line on; one that a crash cut off is left out. */
  lines(from = 0): LedgerLine[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, "utf8").split("\n").slice(from).flatMap(parsed);
  }

  /** Lets go of what is older; the order of the rest stays. */
  drop(olderThan: number): void {
    const kept = this.lines().filter(({ at }) => at >= olderThan);
    writeFileSync(`${this.#file}.new`, kept.map((line) => `${JSON.stringify(line)}\n`).join(""), { mode: ownerOnlyFile });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function parsed(text: string): LedgerLine[] {
  try {
    return text === "" ? [] : [JSON.parse(text) as LedgerLine];
  } catch {
    return [];
  }
}
