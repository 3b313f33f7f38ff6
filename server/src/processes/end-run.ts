import type { InterventionEffect } from "@pullcord/sdk/protocol";
import { EndingSteps, type Ending } from "./ending-steps.js";
import { Lookout } from "./lookout.js";
import { Members } from "./members.js";
import type { ProcessInfo } from "./process-info.js";
import type { RunTarget } from "./run-target.js";

export type { Ending } from "./ending-steps.js";

export interface EndOptions {
  /** Time between the request to end and the end by force, in milliseconds. */
  readonly graceMs?: number;
  /** When to give up and name the survivors, in milliseconds. */
  readonly deadlineMs?: number;
  /** Shared by all who end runs at the same time. */
  readonly lookout?: Lookout;
}

/** Enough for a program to put its terminal and its files in order, and for nothing else. */
const defaultGraceMs = 100;
/** Below the 5 s of E5, so that the report is in by then. */
const defaultDeadlineMs = 4_500;

/**
 * Ends every process of a run: freezes them, so that none starts another while they are counted; asks each to end;
 * after the grace ends them by force, again and again until nothing is left, or until the deadline (E5). What is known
 * of the run goes first: only then is everything that runs looked through for what has strayed, which may take long.
 */
export async function endRun(
  target: RunTarget,
  { graceMs = defaultGraceMs, deadlineMs = defaultDeadlineMs, lookout = new Lookout() }: EndOptions = {},
): Promise<Ending> {
  const ending = new EndingSteps(target, lookout);
  for (const look of [ending.nearby, ending.anywhere]) {
    await ending.freeze(look);
    if (ending.ask() === 0) continue;
    ending.goOn();
    await ending.waitUntilGone(Math.min(ending.afterMs() + graceMs, deadlineMs));
  }
  await ending.endUntilGone(deadlineMs);
  const result = ending.result();
  await ending.tidy();
  return result;
}

/** Makes every process of a run stand still. Gives how many. */
export function freezeRun(target: RunTarget, lookout = new Lookout()): number {
  return new EndingSteps(target, lookout).freezeNow();
}

/** Lets every process of a run go on. Gives how many. */
export function thawRun(target: RunTarget, lookout = new Lookout()): number {
  const ending = new EndingSteps(target, lookout);
  ending.anywhereNow();
  return ending.goOn();
}

/** Asks the command to end, and what it runs in the foreground: whatever Ctrl+C in its terminal would reach. */
export function askRun(target: RunTarget): void {
  const ending = new EndingSteps(target, new Lookout());
  ending.freezeNow();
  ending.ask(({ group }) => group === target.root?.pid);
  ending.goOn();
}

/** The living processes of a run. @param all everything that runs */
export function findMembers(target: RunTarget, lookout = new Lookout(), all = lookout.lookNow()): ProcessInfo[] {
  return new Members(target, lookout).among(all);
}

/** A line of the receipt. Stopped is said only when nothing is left and nothing is unknown. */
export function effectOf(ending: Ending): Omit<InterventionEffect, "runId" | "at" | "by"> {
  const { ended, ...rest } = ending;
  return { step: isProven(ending) ? "ended" : "unproven", processesEnded: ended, ...rest };
}

export function isProven({ survivors, unknown }: Ending): boolean {
  return survivors.length === 0 && unknown === 0;
}
