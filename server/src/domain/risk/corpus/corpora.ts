import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** Lists written by others, kept beside the repository and never in it. For tests only. */
const folder = resolve(import.meta.dirname, "../../../../../../shared/corpora");

export const corporaPresent = existsSync(folder);

/** Says in a test's title why it did not run. */
export const skippedNote = corporaPresent ? "" : " (skipped: corpora not present)";

export function corpusLines(name: string, encoding: "utf8" | "latin1" = "utf8"): readonly string[] {
  return readFileSync(resolve(folder, name), encoding)
    .split("\n")
    .filter((line) => line !== "");
}
