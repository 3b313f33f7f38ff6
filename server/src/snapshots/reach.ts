import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ProposedAction } from "@pullcord/sdk/protocol";
import type { Reading, Surroundings } from "../domain/reading.js";
import { settingsFilesOf } from "./settings-files.js";

/** What an action may change, as absolute paths; `everything` of the workspace where its files are not known beforehand. */
export interface ActionReach {
  readonly everything: boolean;
  readonly paths: readonly string[];
}

/** Not on a disk, or the system's own traces of processes: nothing to keep. */
const neverKept = ["/dev", "/proc", "/sys", "/run"];
const fileActions: readonly string[] = ["file_write", "file_delete"];

/** Where an action may leave its marks. A file tool says which file; a command may do anything in its workspace. */
export function reachOf(proposed: ProposedAction, reading: Reading, surroundings: Surroundings): ActionReach {
  const known = [...reading.writes, ...reading.deletes].filter((path) => path !== null);
  const named = fileActions.includes(proposed.type) ? asNamed(proposed, surroundings) : [];
  const settings = settingsFilesOf(reading.commands, surroundings.home);
  const paths = [...new Set([...known, ...named, ...settings])].filter((path) => isCaptured(path, surroundings));
  const isKnown = fileActions.includes(proposed.type) && paths.length > 0;
  return { everything: !isKnown, paths };
}

/** A link that a tool replaces or removes stands where it was named, not where it leads. */
function asNamed({ arguments: { path }, workingDirectory }: ProposedAction, surroundings: Surroundings): string[] {
  if (typeof path !== "string" || path === "") return [];
  const from = workingDirectory ?? surroundings.workspace ?? "/";
  const above = surroundings.resolve(dirname(path), from).path;
  return above === null ? [] : [join(above, basename(path))];
}

function isCaptured(path: string, { gate }: Surroundings): boolean {
  const isWithin = (folder: string) => path === folder || path.startsWith(`${folder}/`);
  return path !== "/" && !neverKept.some(isWithin) && !gate.paths.some(isWithin);
}

/** The root of the repository that a folder is in, so that git's own state is kept with it; else the folder itself. */
export function rootOf(workspace: string, home: string): string {
  for (let folder = workspace; folder !== "/" && folder !== home; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
  }
  return workspace;
}
