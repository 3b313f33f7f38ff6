import { JsonLines } from "../json-lines.js";
import type { ActionKey } from "../kind.js";
import type { Change, Standing } from "./entry.js";

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

/** A change with its place in the order of things. */
export interface OrderedChange extends SeenChange {
  /** When it was seen, in milliseconds since 1970. */
  readonly at: number;
}

/** What was seen in one workspace, in order; read line by line, since all of it may be more than the memory holds. */
export class Ledger extends JsonLines<LedgerLine> {
  /** All that a run may have changed, oldest first. */
  changesOf(runId: string): OrderedChange[] {
    const found: OrderedChange[] = [];
    for (const entry of this.each()) {
      if (entry.kind !== "observed") continue;
      for (const change of entry.changes) if (change.by.some((key) => key.runId === runId)) found.push({ ...change, at: entry.at });
    }
    return found;
  }

  /** Paths that kept moving while they were looked at before actions of a run. */
  movingOf(runId: string): string[] {
    const found = new Set<string>();
    for (const line of this.each()) {
      if (line.kind === "began" && line.action.runId === runId) for (const path of line.moving ?? []) found.add(path);
    }
    return [...found];
  }

  /** Lets go of what is older; the order of the rest stays. */
  drop(olderThan: number): void {
    this.replace(this.#since(olderThan));
  }

  *#since(at: number): Generator<LedgerLine, void> {
    for (const line of this.each()) if (line.at >= at) yield line;
  }
}

/** Of all contents that a kept value speaks of. */
export function* hashesIn(kept: unknown): Generator<string, void> {
  for (const [, hash] of JSON.stringify(kept).matchAll(/"hash":"([0-9a-f]{64})"/g)) yield hash as string;
}
