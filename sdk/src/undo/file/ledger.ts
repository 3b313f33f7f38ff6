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

/** What was seen in one workspace, in order. */
export class Ledger extends JsonLines<LedgerLine> {
  /** Lets go of what is older; the order of the rest stays. */
  drop(olderThan: number): void {
    this.replace(this.all().filter(({ at }) => at >= olderThan));
  }
}
