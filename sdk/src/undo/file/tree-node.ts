import type { Stats } from "node:fs";
import type { BlobStore } from "../blob-store.js";
import type { Standing } from "./entry.js";
import { restoreMark } from "./left-out.js";
import { isSameStamp, type Stamp } from "./look.js";

/** What is known of one path, and of those below it: how it stood at the last look. */
export interface TreeNode {
  standing: Standing;
  /** Null: to be looked at again, whatever its times say. */
  stamp: Stamp | null;
  /** Of a folder. */
  children: Map<string, TreeNode>;
  /** What is not among the children is known not to be there. */
  isComplete: boolean;
  /** Names in it that were left out: of what stands there nothing is known. */
  leftOut: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

export function newNode(isComplete: boolean): TreeNode {
  return { standing: null, stamp: null, children: new Map(), isComplete, leftOut: none };
}

/** Whether its stats say that nothing changed since the last look. */
export function isUnchanged({ stamp }: TreeNode, stats: Stats): boolean {
  return stamp !== null && isSameStamp(stamp, stats);
}

/** The node at a path below another; undefined for one that was never looked at. */
export function nodeBelow(top: TreeNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = top;
  for (const name of path === "" ? [] : path.split("/")) node = node?.children.get(name);
  return node;
}

/** Where each content stands below a node. */
export function pathsByContent({ standing, children }: TreeNode, path = "", found = new Map<string, string[]>()): Map<string, string[]> {
  if (standing?.kind === "file") {
    const paths = found.get(standing.hash);
    if (paths) paths.push(path);
    else found.set(standing.hash, [path]);
  }
  for (const [name, child] of children) pathsByContent(child, path === "" ? name : `${path}/${name}`, found);
  return found;
}

/** A node as it is written to disk. */
export type KeptNode = readonly [
  standing: Standing,
  stamp: Stamp | null,
  isComplete: boolean,
  children: Readonly<Record<string, KeptNode>>,
  leftOut?: readonly string[],
];

export function keptNode({ standing, stamp, isComplete, children, leftOut }: TreeNode): KeptNode {
  const below = Object.fromEntries([...children].map(([name, child]) => [name, keptNode(child)]));
  return leftOut.size === 0 ? [standing, stamp, isComplete, below] : [standing, stamp, isComplete, below, [...leftOut]];
}

/** Paths of what is seen but not kept. */
export function unkeptBelow([standing, , , children]: KeptNode, path = ""): string[] {
  if (standing?.kind === "unkept") return [path];
  return Object.entries(children).flatMap(([name, child]) => unkeptBelow(child, path === "" ? name : `${path}/${name}`));
}

/** Paths of folders of which not everything that is in them is known. */
export function unseenBelow([standing, , isComplete, children]: KeptNode, path = ""): string[] {
  const below = Object.entries(children).flatMap(([name, child]) => unseenBelow(child, path === "" ? name : `${path}/${name}`));
  return standing?.kind === "folder" && !isComplete ? [path === "" ? "." : path, ...below] : below;
}

/** What stands in a folder, or may, that no look sees; null where all that is in it is known. */
export function unseenIn(node: TreeNode | undefined): string | null {
  if (node?.standing?.kind !== "folder") return null;
  if (!node.isComplete) return "more than could be looked at";
  return [...node.leftOut].find((name) => !name.startsWith(restoreMark)) ?? null;
}

/** What was seen of a file whose content is not kept after all (the computer lost power) is looked at again. */
export function nodeOf([standing, stamp, isComplete, children, leftOut]: KeptNode, blobs: Pick<BlobStore, "has" | "sealed">): TreeNode {
  const isLost =
    (standing?.kind === "file" && !blobs.has(standing.hash)) || (standing?.kind === "sealed" && !blobs.sealed.has(standing.hash));
  const below = Object.entries(children).map(([name, child]) => [name, nodeOf(child, blobs)] as const);
  return { standing, stamp: isLost ? null : stamp, isComplete, children: new Map(below), leftOut: leftOut ? new Set(leftOut) : none };
}
