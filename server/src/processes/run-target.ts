import type { ContainmentPlace } from "@pullcord/sdk/protocol";
import type { Marker } from "./proc.js";

/** How the processes of a run are told from all others. Whatever fits one of these belongs to it, with its descendants. */
export interface RunTarget {
  readonly marker?: Marker | undefined;
  /** The first process of the run. The group and the session that it leads are the run's too. */
  readonly root?: { readonly pid: number; readonly startedAt: string } | undefined;
  /** What holds the processes together. */
  readonly place?: ContainmentPlace | undefined;
  /** A file that the first process was given open, and that every process it starts inherits. */
  readonly heldFile?: string | undefined;
  /** When the run began: an older process does not hold its file, and is no orphan of it. */
  readonly since?: string | undefined;
  /** Who adopts orphans here, the system's first process aside. */
  readonly adopters?: readonly number[];
}
