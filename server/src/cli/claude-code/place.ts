import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { PullcordError } from "@pullcord/sdk";
import type { Surroundings } from "../surroundings.js";
import type { Call, VerbOption } from "../verb.js";

/** A settings file of Claude Code, and whom it binds. */
export interface Place {
  readonly kind: "managed" | "user" | "project";
  readonly file: string;
  /** Of a project: its folder. */
  readonly project?: string;
}

export const placeOptions: readonly VerbOption[] = [
  { flags: "--user", summary: "your own settings, for every project (default)" },
  { flags: "--project <folder>", summary: "only one project, in its .claude/settings.local.json" },
  { flags: "--managed", summary: "this machine's managed settings, which no agent can override (needs root)" },
];

/** The place that the options name; null when they name none. @throws PullcordError `invalid` for more than one */
export function placeGiven(call: Call, surroundings: Surroundings): Place | null {
  const project = call.text("project");
  const given = [call.has("user"), project !== undefined, call.has("managed")].filter(Boolean);
  if (given.length > 1) throw new PullcordError("invalid", "place", "Give one of --user, --project and --managed.");
  if (project !== undefined) return projectPlace(resolve(surroundings.workingDirectory, project));
  if (call.has("managed")) return managedPlace();
  return call.has("user") ? userPlace(surroundings) : null;
}

export function userPlace({ environment }: Pick<Surroundings, "environment">): Place {
  const folder = environment["CLAUDE_CONFIG_DIR"] || join(environment["HOME"] || homedir(), ".claude");
  return { kind: "user", file: throughLinks(join(folder, "settings.json")) };
}

export function managedPlace(): Place {
  const folder = process.platform === "darwin" ? "/Library/Application Support/ClaudeCode" : "/etc/claude-code";
  return { kind: "managed", file: join(folder, "managed-settings.json") };
}

/** Every file that Claude Code reads in a folder, the strongest first. */
export function filesInForce(surroundings: Pick<Surroundings, "environment">, folder: string): readonly string[] {
  const own = join(folder, ".claude");
  return [managedPlace().file, join(own, "settings.local.json"), join(own, "settings.json"), userPlace(surroundings).file];
}

function projectPlace(folder: string): Place {
  if (!existsSync(folder)) throw new PullcordError("not_found", "project", `There is no folder ${folder}.`);
  return { kind: "project", file: throughLinks(join(folder, ".claude", "settings.local.json")), project: folder };
}

/** Many keep their settings elsewhere and link to them: the file itself is changed, the link stays. */
function throughLinks(file: string): string {
  return existsSync(file) ? realpathSync(file) : file;
}
