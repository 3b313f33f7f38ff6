import type { Standing } from "./entry.js";
import type { Stamp } from "./look.js";
import type { TreeNode } from "./tree-node.js";

/** Told of what a look finds. */
export interface Finds {
  readonly changed: (path: string, before: Standing, after: Standing) => void;
  /** Seen for the first time ever: that is no change. */
  readonly first: (path: string, standing: Standing) => void;
  /** Changed each time it was looked at, up to the last: what was seen of it may be half of one state and half of another. */
  readonly moving: (path: string) => void;
}

/** A folder that is to be looked into. */
export interface Pending {
  readonly node: TreeNode;
  readonly path: string;
  /** Its names are the same as at the last look. */
  readonly hasSameNames: boolean;
  /** Nothing of it was known before. */
  readonly isNew: boolean;
  /** What its node gets once it was looked into; undefined where the node has it already. */
  readonly stamp?: Stamp | null;
}

export interface Names {
  readonly names: readonly string[];
  readonly leftOut: ReadonlySet<string>;
}
