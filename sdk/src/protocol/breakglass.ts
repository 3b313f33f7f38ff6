import type { Actor } from "./approval.js";
import type { Scope } from "./intervention.js";

/** Longest a break glass may last (design). */
export const breakGlassMaxMs = 15 * 60_000;

/** No reason is demanded (B4); one is invited. */
export interface BreakGlass {
  readonly scope: Scope;
  /** At most `breakGlassMaxMs`. */
  readonly durationMs: number;
  readonly reason?: string;
}

/** One use (B5: counted, dated, attributed). */
export interface BreakGlassUse {
  /** `b` and nine letters or digits. */
  readonly id: string;
  readonly scope: Scope;
  readonly by: Actor;
  readonly at: number;
  readonly expiresAt: number;
  /** Set when a person ended it early. */
  readonly endedAt?: number;
  readonly reason?: string;
  /** Actions it has let through. */
  readonly actions: number;
}

/** The rate of B6 over a window, by day. */
export interface BreakGlassReport {
  readonly from: number;
  readonly to: number;
  readonly uses: number;
  readonly gatedDecisions: number;
  /** `uses / gatedDecisions`, 0 when nothing was gated. */
  readonly rate: number;
  readonly days: readonly { readonly day: string; readonly uses: number; readonly gatedDecisions: number }[];
}
