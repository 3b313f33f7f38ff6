import type { Stats } from "node:fs";
import type { Standing } from "./entry.js";
import { isSameStamp, type Stamp } from "./look.js";

/** What is known of one path: how it stood at the last look. */
export interface Place {
  standing: Standing;
  /** Null: to be looked at again, whatever its times say. */
  stamp: Stamp | null;
  /** Of a folder. */
  children: Map<string, Place>;
  /** What is not among the children is known not to be there. */
  isComplete: boolean;
  /** Names in it that were left out: of what stands there nothing is known. */
  leftOut: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

export function newPlace(isComplete: boolean): Place {
  return { standing: null, stamp: null, children: new Map(), isComplete, leftOut: none };
}

/** Whether its stats say that nothing changed since the last look. */
export function isUnchanged({ stamp }: Place, stats: Stats): boolean {
  return stamp !== null && isSameStamp(stamp, stats);
}

/** The place at a path below another; undefined for one that was never looked at. */
export function placeBelow(top: Place, path: string): Place | undefined {
  let place: Place | undefined = top;
  for (const name of path === "" ? [] : path.split("/")) place = place?.children.get(name);
  return place;
}

/** A place as it is written to disk. */
export type KeptPlace = readonly [
  standing: Standing,
  stamp: Stamp | null,
  isComplete: boolean,
  children: Readonly<Record<string, KeptPlace>>,
  leftOut?: readonly string[],
];

export function keptPlace({ standing, stamp, isComplete, children, leftOut }: Place): KeptPlace {
  const below = Object.fromEntries([...children].map(([name, child]) => [name, keptPlace(child)]));
  return leftOut.size === 0 ? [standing, stamp, isComplete, below] : [standing, stamp, isComplete, below, [...leftOut]];
}

/** Paths of what is seen but not kept. */
export function unkeptBelow([standing, , , children]: KeptPlace, path = ""): string[] {
  if (standing?.kind === "unkept") return [path];
  return Object.entries(children).flatMap(([name, child]) => unkeptBelow(child, path === "" ? name : `${path}/${name}`));
}

/** What was seen of a file whose content is not kept after all (the computer lost power) is looked at again. */
export function placeOf([standing, stamp, isComplete, children, leftOut]: KeptPlace, isKept: (hash: string) => boolean): Place {
  const isLost = standing?.kind === "file" && !isKept(standing.hash);
  const below = Object.entries(children).map(([name, child]) => [name, placeOf(child, isKept)] as const);
  return { standing, stamp: isLost ? null : stamp, isComplete, children: new Map(below), leftOut: leftOut ? new Set(leftOut) : none };
}
