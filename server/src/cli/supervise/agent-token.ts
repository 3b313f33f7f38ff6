import { basename } from "node:path";
import type { Cli } from "../cli.js";
import { refuseAgent } from "../person-only.js";

/** Longer than any run of a command, in milliseconds; it ends with the run. */
const tokenLifeMs = 30 * 24 * 3_600_000;

export interface RunToken {
  readonly token: string;
  /** Takes a token back that was made for this run alone, also where the run was never opened. */
  readonly giveBack: () => Promise<void>;
}

/**
 * The agent that a command runs as: the token it was given, or one made for this run by the signed-in person.
 * @throws PullcordError `forbidden`/`agent_present` when an agent would choose whose trust it runs with
 */
export async function tokenForRun(cli: Cli, agent: string | undefined, program: string): Promise<RunToken> {
  const given = cli.surroundings.environment["PULLCORD_TOKEN"];
  if (given && agent === undefined) return { token: given, giveBack: () => Promise.resolve() };
  refuseAgent(cli, "choose the agent that a command runs as; in a program, set PULLCORD_TOKEN");
  const person = cli.person();
  const issued = await person.issueAgentToken(agent ?? basename(program), tokenLifeMs, { isForRun: true });
  return { token: issued.secret, giveBack: () => person.revokeAgentToken(issued.id).catch(() => {}) };
}
