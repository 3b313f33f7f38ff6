import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownerOnlyFile } from "../owner-only.js";
import type { KeptNode } from "./tree-node.js";

/** What the whole tree was at a line of the ledger: the next server need not read every file again. */
export interface Checkpoint {
  readonly lines: number;
  readonly tree: KeptNode;
}

/** Null where there is none, or a crash has spoilt it: everything is looked at anew then; the record of changes stands. */
export function readCheckpoint(folder: string): Checkpoint | null {
  const file = fileIn(folder);
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Checkpoint;
  } catch {
    return null;
  }
}

export function writeCheckpoint(folder: string, checkpoint: Checkpoint): void {
  writeWhole(fileIn(folder), JSON.stringify(checkpoint));
}

/** Names the root that a workspace's folder is about: once, since a server that starts on a full disk would leave an empty name. */
export function writeRoot(file: string, root: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === root) return;
  writeWhole(file, root);
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: ownerOnlyFile });
  renameSync(`${file}.new`, file);
}

function fileIn(folder: string): string {
  return join(folder, "tree.json");
}
