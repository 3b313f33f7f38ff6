import { createInterface } from "node:readline/promises";
import { PullcordError } from "@pullcord/sdk";
import type { Cli } from "./cli.js";
import type { Call } from "./verb.js";

/** Asks before anything is changed. @throws PullcordError `invalid`/`needs_yes` where nobody can be asked */
export async function isConfirmed({ surroundings, signal }: Cli, call: Call, question: string): Promise<boolean> {
  if (call.has("yes")) return true;
  if (!surroundings.stdin.isTTY)
    throw new PullcordError(
      "invalid",
      "needs_yes",
      "Nothing was changed: there is no terminal to ask at. Look with --dry-run, then add --yes.",
    );
  const terminal = createInterface({ input: surroundings.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}
