import type { ChildProcess } from "node:child_process";
import type { Containment, ContainmentPlace } from "@pullcord/sdk/protocol";
import type { ProcessInfo } from "../process-info.js";

/** A way to hold the processes of a run together. One file each, and an entry in `index.ts`. */
export interface Grade {
  readonly kind: Containment;
  /** True when nothing inside can fork once it was told to stand still. */
  readonly freezesAtOnce: boolean;
  /** Tries it on a process of its own. @returns null when it works here, else why it does not */
  probe(): Promise<string | null>;
  /** Starts a command inside. @throws the system's error when it can't be started */
  start(start: Start): Promise<Held>;
  /** The process ids that the place holds, among everything that runs. None when the place is gone. */
  list(place: ContainmentPlace, all: readonly ProcessInfo[]): ReadonlySet<number>;
  /** Makes everything inside stand still, what is forked meanwhile too. */
  freeze(place: ContainmentPlace, held: readonly ProcessInfo[]): void;
  /** Lets everything inside go on. */
  thaw(place: ContainmentPlace, held: readonly ProcessInfo[]): void;
  /** Ends everything inside, what is forked meanwhile too. */
  end(place: ContainmentPlace, held: readonly ProcessInfo[]): void;
  /** Takes the empty place away. @returns false when the system still holds on to it */
  remove(place: ContainmentPlace): boolean;
}

export interface Start {
  /** The run, or whatever else the place is named for. */
  readonly name: string;
  readonly words: readonly string[];
  /** Starts the given words; synchronous up to the fork, so that what holds for this process then holds for its child. */
  readonly spawn: (words: readonly string[]) => ChildProcess;
}

export interface Held {
  readonly child: ChildProcess;
  readonly place: ContainmentPlace;
}

/** What every place of ours is called, so that nobody can name a stranger's. */
export function placeName(name: string): string {
  return `pullcord-${name}`;
}
