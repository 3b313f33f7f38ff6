import { hash } from "node:crypto";
import type { ProposedAction } from "./action.js";
import { canonicalJson } from "./canonical.js";
import type { JsonObject } from "./json.js";

/** What an approval is bound to (V9.2.8): everything that decides what runs, and for whom. */
export interface Bound {
  readonly agent: string;
  readonly runId: string;
  readonly proposed: ProposedAction;
  /** The arguments that run, where a person changed them. */
  readonly approvedArguments?: JsonObject;
}

/**
 * The digest of an action: SHA-256 over RFC 8785 canonical JSON, hex.
 * Left out on purpose: the agent's claim, its own id of the call, and how long it wants to wait.
 */
export function actionDigest({ agent, runId, proposed, approvedArguments }: Bound): string {
  const bound = {
    version: 1,
    agent,
    runId,
    type: proposed.type,
    arguments: approvedArguments ?? proposed.arguments,
    modified: approvedArguments !== undefined,
    tool: proposed.tool as unknown as JsonObject | undefined,
    workingDirectory: proposed.workingDirectory,
    environment: proposed.environment,
    subagent: proposed.subagent,
  };
  return hash("sha256", canonicalJson(bound));
}
