import { PullcordError } from "../../protocol/index.js";

/** What an action does to rows can't be taken back, so nothing is promised. */
export function notKept(why: string): PullcordError {
  return new PullcordError("unavailable", "rows_not_kept", `What it does to rows could not be kept. ${why}`);
}
