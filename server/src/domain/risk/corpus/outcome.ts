import type { JsonObject, ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading, Surroundings } from "../../reading.js";
import { readAction } from "../read-action.js";

export type Outcome = "allow" | "ask" | "deny";

/** What the default thresholds make of a reading. */
export function outcomeOf({ assessment, touchesGate }: Reading): Outcome {
  if (touchesGate !== null || assessment.score >= 95) return "deny";
  return assessment.score >= 50 || !assessment.understood ? "ask" : "allow";
}

/** Reads a shell command in the setting. */
export function readShell(command: string, surroundings: Surroundings, workingDirectory?: string): Reading {
  return readAction({ type: "command_execute", arguments: { command }, ...(workingDirectory ? { workingDirectory } : {}) }, surroundings);
}

/** A line of the labelled actions as a proposal. */
export function proposalOf(line: JsonObject): ProposedAction {
  const {
    id: _id,
    type,
    label: _label,
    class: _class,
    reversibility: _reversibility,
    why: _why,
    also_ok: _also,
    cwd,
    arguments: given,
    ...rest
  } = line;
  return {
    type: type as ProposedAction["type"],
    arguments: (given ?? rest) as JsonObject,
    ...(typeof cwd === "string" ? { workingDirectory: cwd } : {}),
  };
}
