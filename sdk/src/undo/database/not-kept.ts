import { PullcordError } from "../../protocol/index.js";

/**
 * What an action does to rows can't be taken back, so nothing is promised. `said` is what the database said of it: it may hold
 * what is in there, which its own account reads and an agent's may not, so that agents hear the cause alone, which is without.
 */
export function notKept(why: string, said?: string): PullcordError {
  const sentence = `What it does to rows could not be kept. ${why}`;
  if (said === undefined) return new PullcordError("unavailable", "rows_not_kept", sentence);
  return new PullcordError("unavailable", "rows_not_kept", `${sentence}: ${said}.`, { cause: new Error(`${sentence}.`) });
}

/** To try it would do what no rollback takes back. @param by what, in words */
export function actsOutside(by: string): PullcordError {
  return notKept(`To try it might act outside of the database, by ${by}.`);
}

export function isNotKept(error: unknown): boolean {
  return (error as { reason?: unknown }).reason === "rows_not_kept";
}

/** What a database, or its driver, says against it. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
