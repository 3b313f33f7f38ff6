import { posix } from "node:path";
import type { ClusterKind, DatabaseKind, ResolvedPath, ScriptFact, SettingFacts, Surroundings } from "../domain/reading.js";
import { parseSetting, type Setting } from "./setting-schema.js";
import { matchesName, matchesPath } from "./name-pattern.js";

export { parseSetting, type Setting };

/** A place described by a file instead of found out from the machine: for `pullcord judge` and for tests. */
export function settingSurroundings(setting: Setting, options: { readonly gatePids?: readonly number[] } = {}): Surroundings {
  const { workspace, user, gate } = setting;
  return {
    workspace,
    home: user.home,
    gate: {
      paths: [...gate.folders, ...gate.hooks].map((path) => posix.resolve(workspace, path)),
      hosts: [gate.api],
      pids: options.gatePids ?? [],
    },
    resolve: (path, from) => resolveInSetting(setting, path, from),
    isCommitted: (path) => isCommitted(setting, path),
    facts: factsOf(setting),
  };
}

function factsOf(setting: Setting): SettingFacts {
  const { locked_dependencies: locked, irreplaceable, recreatable } = setting;
  return {
    isLocked: (registry, name) => locked[registry]?.includes(name) ?? null,
    script: (runner, name, folder) => scriptOf(setting, { runner, name, folder }),
    database: (name, host) => databaseOf(setting, name, host),
    cluster: (context) => clusterOf(setting, context),
    isProductionHost: (host) => (setting.hosts ? setting.hosts.production.some((pattern) => matchesName(pattern, host)) : null),
    isRecreatable: (path) => below(setting, path, recreatable),
    isIrreplaceable: (path) => below(setting, path, irreplaceable),
  };
}

/** Names in such a list mean a component anywhere below the workspace. */
function below({ workspace }: Setting, path: string, names: readonly string[] | undefined): boolean | null {
  if (!names || !path.startsWith(`${workspace}/`)) return null;
  return path
    .slice(workspace.length + 1)
    .split("/")
    .some((part) => names.some((name) => matchesName(name.replace(/\/$/, ""), part)));
}

interface ScriptAsked {
  readonly runner: "npm" | "make";
  readonly name: string;
  readonly folder: string | null;
}

function scriptOf({ scripts, workspace }: Setting, { runner, name, folder }: ScriptAsked): ScriptFact | null {
  const says = folder === workspace ? scripts?.[runner]?.[name] : undefined;
  return says === undefined ? null : { body: null, says, committed: true };
}

/** A name may stand for several databases; where the host does not settle it, the worst counts. */
function databaseOf({ databases }: Setting, name: string | null, host: string | null): DatabaseKind | null {
  if (!databases) return null;
  const here = host === null || /^(?:localhost|127\.0\.0\.1|::1|\/.*)$/.test(host);
  const found = databases.filter((known) => known.name === name || (name === null && known.host === host));
  const exact = found.find((known) => known.host === host || (here && known.host === "localhost"));
  if (exact) return exact.environment;
  const byHost = databases.find((known) => known.host === host);
  if (byHost && !here) return byHost.environment;
  if (host === null && found[0]) return found[0].environment;
  return null;
}

function clusterOf({ clusters }: Setting, context: string | null): ClusterKind | null {
  if (!clusters) return null;
  const says = clusters[context ?? clusters["current"] ?? ""];
  if (says === undefined) return null;
  if (/prod/i.test(says)) return "production";
  return /throw-?away/i.test(says) ? "throwaway" : null;
}

function isCommitted({ workspace, git }: Setting, path: string): boolean | null {
  if (!git || !path.startsWith(`${workspace}/`)) return null;
  const name = path.slice(workspace.length + 1);
  const listed = (patterns: readonly string[]): boolean => patterns.some((pattern) => matchesPath(pattern, name));
  return listed(git.tracked) && !listed(git.modified) && !listed(git.untracked) && !listed(git.ignored);
}

function resolveInSetting(setting: Setting, path: string, from: string): ResolvedPath {
  if (path.includes("\0") || path.length > pathLimit) return { path: null, exists: false, kind: "absent" };
  const whole = posix.resolve(from, path).replace(/^\/proc\/(?:self|thread-self|\d+)\/root(?=\/|$)/, "") || "/";
  return { path: whole, exists: true, kind: kindOf(setting, whole) };
}

/** Longest path, in UTF-16 code units. */
const pathLimit = 4_096;

/** There is no disk to look at: a tracked name with an ending is a file, the top folders are folders. */
function kindOf(setting: Setting, path: string): ResolvedPath["kind"] {
  const { workspace, user } = setting;
  if (isCommitted(setting, path) !== null && /\.\w+$|file$/i.test(path) && isCommitted(setting, path)) return "file";
  if (path === "/" || path === user.home || path === workspace || /^\/\w+$/.test(path)) return "directory";
  return posix.dirname(path) === workspace && !posix.basename(path).includes(".") ? "directory" : "absent";
}
