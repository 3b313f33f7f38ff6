import { PullcordError } from "../../protocol/index.js";

/** What an action does to rows can't be taken back, so nothing is promised. */
export function notKept(why: string): PullcordError {
  return new PullcordError("unavailable", "rows_not_kept", `What it does to rows could not be kept. ${why}`);
}

/** To try it would do what no rollback takes back. @param by what, in words */
export function actsOutside(by: string): PullcordError {
  return notKept(`To try it might act outside of the database, by ${by}.`);
}

/** What a database, or its driver, says against it. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
