import type { Intervention } from "@pullcord/sdk";
import type { Cli } from "../cli.js";
import { scopeWords } from "../scope.js";
import { escapeLine } from "../screen/escape.js";

/** Says what an intervention applied to. */
export function sayIntervened({ screen, isJson }: Cli, made: Intervention, did: string): void {
  if (isJson) return screen.json(made);
  const runs = made.runIds.length === 1 ? "1 run" : `${made.runIds.length} runs`;
  screen.line(`${did} ${escapeLine(scopeWords(made.scope))} (${runs}). Record: ${made.id}`);
}
