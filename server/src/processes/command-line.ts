import { bounds } from "@pullcord/sdk/protocol";

/** A command line in one piece, cut where it is too long. Attacker-controlled: shown escaped. */
export function commandLine(words: readonly string[]): string {
  const line = words.join(" ").toWellFormed();
  return line.length > bounds.commandLineLength ? `${line.slice(0, bounds.commandLineLength - 1).toWellFormed()}…` : line;
}
