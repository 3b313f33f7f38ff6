import type { ActionType, JsonObject } from "@pullcord/sdk/protocol";
import type { ReadCommand, ReadStatement } from "../reading.js";
import type { Fit, Subject } from "./subject.js";

/** What a matcher of a policy's own is shown: plain values, no functions. */
export interface MatchedAction {
  /** The proposed type, and whatever else the reading shows it to be. */
  readonly types: readonly ActionType[];
  readonly agent: string;
  readonly environments: readonly string[];
  readonly arguments: JsonObject;
  readonly tool: { readonly name: string; readonly input: JsonObject } | null;
  /** Risk, 0 to 100. */
  readonly score: number;
  readonly understood: boolean;
  readonly commands: readonly ReadCommand[];
  readonly reads: readonly (string | null)[];
  readonly writes: readonly (string | null)[];
  readonly deletes: readonly (string | null)[];
  readonly hosts: readonly (string | null)[];
  readonly statements: readonly ReadStatement[];
  readonly workspace: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Asks a matcher of the policy's own; `unknown` when it throws, is slow, or says neither yes nor no. */
export type AskMatcher = (name: string, action: MatchedAction) => Fit;

/** For a policy that names no matchers of its own. */
export const noMatchers: AskMatcher = () => "unknown";

/** An action as its matchers see it. */
export function matchedAction({ proposed, reading, types, agent, environments, score, workspace, now }: Subject): MatchedAction {
  const { commands, reads, writes, deletes, hosts, statements, assessment } = reading;
  const parts = { commands, reads, writes, deletes, hosts, statements, understood: assessment.understood };
  return { types, agent, environments, arguments: proposed.arguments, tool: proposed.tool ?? null, score, workspace, now, ...parts };
}
