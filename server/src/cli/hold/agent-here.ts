import { ancestorsOf } from "../../processes/ancestors.js";
import type { Surroundings } from "../surroundings.js";
import { findAgent } from "./agent-presence.js";

/** The agent that started this very command, as a phrase, or null for a person. */
export function agentHere({ environment, ancestors }: Pick<Surroundings, "environment" | "ancestors">): string | null {
  return findAgent(environment, ancestors?.() ?? ancestorsOf());
}
