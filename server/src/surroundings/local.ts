import { lstatSync, readlinkSync } from "node:fs";
import type { Stats } from "node:fs";
import type { GateParts, ResolvedPath, Surroundings } from "../domain/reading.js";
import { GitState } from "./git-state.js";
import { localFacts } from "./local-facts.js";
import { ownWorkspace } from "./workspace.js";

/** Most links followed for one path, as Linux does (ELOOP). */
const linkLimit = 40;
/** Longest path, in bytes (PATH_MAX). */
const pathLimit = 4_096;
/** Longest name, in bytes (NAME_MAX). */
const nameLimit = 255;

export interface LocalSurroundingsOptions {
  readonly workspace: string | null;
  readonly home: string;
  readonly gate: GateParts;
}

/** The machine this server runs on, asked with `lstat` and `readlink` as the kernel would walk. */
export function localSurroundings(options: LocalSurroundingsOptions): Surroundings {
  const home = resolvePath(options.home, "/").path ?? options.home;
  const workspace = options.workspace === null ? null : ownWorkspace(resolvePath(options.workspace, "/").path, home);
  const git = workspace === null ? null : new GitState(workspace);
  const isCommitted = (path: string): boolean | null => git?.isCommitted(path) ?? null;
  return {
    workspace,
    home,
    gate: { ...options.gate, paths: options.gate.paths.flatMap((path) => [...new Set([path, resolvePath(path, "/").path ?? path])]) },
    resolve: resolvePath,
    isCommitted,
    ...(workspace === null ? {} : { facts: localFacts({ workspace, home, isCommitted }) }),
  };
}

/** Follows a path component by component; what does not exist is kept as written after the part that does. */
export function resolvePath(path: string, from: string): ResolvedPath {
  if (path.includes("\0") || Buffer.byteLength(path) > pathLimit) return unknown;
  const pending = splitPath(path.startsWith("/") ? path : `${from}/${path}`);
  let current = "";
  let links = 0;
  let exists = true;
  let stats: Stats | undefined;
  while (pending.length > 0) {
    // Nothing there, and no way back: the rest stays as written. What /proc shows may be the agent's and not ours.
    if (!exists && !pending.includes("..") && !/^\/(?:proc|dev)(?:\/|$)/.test(current)) {
      if (pending.some((rest) => Buffer.byteLength(rest) > nameLimit)) return unknown;
      return { path: [current, ...pending.reverse()].join("/"), exists: false, kind: "absent" };
    }
    const name = pending.pop() as string;
    if (name === "..") {
      current = current.slice(0, Math.max(0, current.lastIndexOf("/")));
      // Back among what exists, the walk looks again.
      if (!exists) exists = look(current || "/") instanceof Object;
      stats = undefined;
      continue;
    }
    if (Buffer.byteLength(name) > nameLimit) return unknown;
    const next = `${current}/${name}`;
    const own = ownProcessLink(next);
    if (own !== null) {
      if (own === "unknown") return unknown;
      current = own === "/" ? "" : own;
      stats = undefined;
      continue;
    }
    const found = exists ? look(next) : "absent";
    if (found === "unknown") return unknown;
    if (found === "absent") {
      exists = false;
      current = next;
      stats = undefined;
      continue;
    }
    if (!found.isSymbolicLink()) {
      current = next;
      stats = found;
      continue;
    }
    links += 1;
    const target = links > linkLimit ? null : readLink(next);
    if (target === null) return unknown;
    if (target.startsWith("/")) current = "";
    pending.push(...splitPath(target));
  }
  return describe(current || "/", exists, stats);
}

const unknown: ResolvedPath = { path: null, exists: false, kind: "absent" };

/** The components, last first, so that the next one is popped. */
function splitPath(path: string): string[] {
  return path
    .split("/")
    .filter((name) => name !== "" && name !== ".")
    .reverse();
}

/** `/proc/self` is this server for us and the agent's process for the agent: read as the agent's would be. */
function ownProcessLink(path: string): string | null {
  const match = /^\/proc\/(?:self|thread-self|\d+)\/(?:task\/\d+\/)?(root|cwd|fd|exe|map_files)$/.exec(path);
  if (match) return match[1] === "root" ? "/" : "unknown";
  return path === "/dev/fd" ? "/proc/self/fd" : null;
}

function look(path: string): Stats | "absent" | "unknown" {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? "absent";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? "absent" : "unknown";
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

function describe(path: string, exists: boolean, stats: Stats | undefined): ResolvedPath {
  if (!exists) return { path, exists: false, kind: "absent" };
  const seen = stats ?? look(path);
  if (typeof seen === "string") return { path, exists: false, kind: "absent" };
  return { path, exists: true, kind: seen.isFile() ? "file" : seen.isDirectory() ? "directory" : "other" };
}
