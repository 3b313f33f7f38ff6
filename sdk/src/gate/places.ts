import { lstatSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where a server of this machine listens unless told otherwise. */
export const defaultPort = 7420;
export const defaultUrl = `http://127.0.0.1:${defaultPort}`;

type Environment = Readonly<Record<string, string | undefined>>;

/** Where this user's own server keeps its data: server, command line and gate have to mean the same place. */
export function defaultDataFolder(environment: Environment): string {
  return join(base(environment, { variable: "XDG_DATA_HOME", below: [".local", "share"] }), "pullcord");
}

/** Where this user's policy and session are. */
export function defaultConfigFolder(environment: Environment): string {
  return join(base(environment, { variable: "XDG_CONFIG_HOME", below: [".config"] }), "pullcord");
}

/** The file that stops everything (E4), of the server that keeps its data in this folder. */
export function killFileIn(dataFolder: string): string {
  return join(dataFolder, "STOP");
}

/**
 * True while everything is stopped, server or no server (E4). Whatever is there by that name counts, a broken link too,
 * and what can't be told counts as there. One file system call: cheap before each action.
 */
export function isKillFilePresent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** Empty or relative counts as not set (XDG Base Directory Specification 0.8): it would be another place in each folder. */
function base(environment: Environment, { variable, below }: { readonly variable: string; readonly below: readonly string[] }): string {
  const named = environment[variable] ?? "";
  if (isAbsolute(named)) return named;
  const home = environment["HOME"] ?? "";
  return join(isAbsolute(home) ? home : homedir(), ...below);
}
