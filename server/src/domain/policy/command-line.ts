import type { ProposedAction } from "@pullcord/sdk/protocol";
import type { ReadCommand, Reading } from "../reading.js";

/** A command of a reading, made ready to hold patterns against. */
export interface CommandLine {
  readonly program: string | null;
  /** As written, spaces collapsed. */
  readonly text: string;
  /** The words as the shell would hand them over; null when one cannot be known. */
  readonly line: string | null;
  /** The words before the first that cannot be known. */
  readonly start: string;
}

/** The commands of a reading as lines. */
export function commandLines({ commands }: Reading): readonly CommandLine[] {
  return commands.map(commandLine);
}

function commandLine({ program, words, text }: ReadCommand): CommandLine {
  const all = [program, ...words];
  const unknown = all.indexOf(null);
  const known = unknown < 0 ? all : all.slice(0, unknown);
  const start = known.join(" ");
  return { program, text: collapsed(text), line: unknown < 0 ? start : null, start: unknown <= 0 ? start : `${start} ` };
}

/** A text with single spaces between its words. */
export function collapsed(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

/** What joins commands and does nothing itself. */
const joints = /&&|\|\||[;|&(){}\n]|\d?>&\d|&?\d?>\s?\/dev\/null|\s/g;

/**
 * True when the text of a shell action is nothing but the commands that were read in it: no redirection to a file, no
 * assignment before a command, no loop. An `allow` over commands speaks of nothing else.
 */
export function isOnlyCommands({ arguments: { command } }: ProposedAction, { commands }: Reading): boolean {
  if (typeof command !== "string") return true;
  let rest = command.replaceAll(/[ \t]+/g, " ");
  // Longest first, so that `sudo git push` goes before the `git push` inside it.
  const texts = commands.map(({ text }) => text.trim().replaceAll(/[ \t]+/g, " ")).sort((one, other) => other.length - one.length);
  for (const text of texts) if (text !== "") rest = rest.replace(text, () => " ");
  return rest.replaceAll(joints, "") === "";
}
