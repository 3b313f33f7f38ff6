import { PullcordError } from "@pullcord/sdk";
import type { Cli } from "./cli.js";
import { agentHere } from "./hold/agent-here.js";

/** Refuses what only a person may do, when an agent runs it. @throws PullcordError `forbidden`/`agent_present` */
export function refuseAgent({ surroundings }: Cli, doing: string): void {
  const agent = agentHere(surroundings);
  if (agent !== null)
    throw new PullcordError("forbidden", "agent_present", `Only a person may ${doing}, and an AI agent runs this command: ${agent}.`);
}
