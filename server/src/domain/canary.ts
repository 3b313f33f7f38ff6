import type { ProposedAction } from "@pullcord/sdk/protocol";

/** The first word of a canary's command; the second is its id. */
export const canaryProgram = "pullcord-canary";

/** The id of the canary that an action claims to be; null when it is none. */
export function canaryIdOf({ arguments: { command } }: ProposedAction): string | null {
  const start = `${canaryProgram} `;
  return typeof command === "string" && command.startsWith(start) ? command.slice(start.length) : null;
}
