import { join } from "node:path";
import { PullcordError } from "@pullcord/sdk";
import type { Settings } from "../settings.js";
import type { Added } from "./merge.js";
import type { Place } from "./place.js";
import { parseSettings, readText, writeText } from "./settings-file.js";

/** One settings file that the gate was put into, with all that is needed to take it out again. */
export interface Connection extends Place {
  readonly server: string;
  readonly tokenId: string;
  /** The whole text before; null when there was no file. */
  readonly before: string | null;
  readonly after: string;
  readonly added: Added;
  /** Folders that were made for it, the innermost first. */
  readonly madeFolders: readonly string[];
  /** A line that was added so that git leaves the file alone. */
  readonly exclude?: { readonly file: string; readonly line: string };
  readonly at: number;
}

/** The connections that this account made, the oldest first. */
export function readConnections(settings: Settings): readonly Connection[] {
  const file = recordFile(settings);
  const { connections } = parseSettings(readText(file), file);
  return Array.isArray(connections) ? (connections as readonly Connection[]) : [];
}

/** Keeps them, readable by this account alone: they hold tokens. @throws PullcordError `forbidden` */
export function writeConnections(settings: Settings, connections: readonly Connection[]): void {
  writeText(recordFile(settings), `${JSON.stringify({ version: 1, connections }, null, 2)}\n`, false);
}

/** The agent that the command names. @throws PullcordError `invalid`/`unknown_agent` */
export function requireClaudeCode(agent: string): void {
  if (agent !== "claude-code")
    throw new PullcordError(
      "invalid",
      "unknown_agent",
      `Pullcord can't connect ${agent}. It knows: claude-code. Any other program: pullcord run -- COMMAND`,
    );
}

function recordFile({ configFolder }: Settings): string {
  return join(configFolder, "connections", "claude-code.json");
}
