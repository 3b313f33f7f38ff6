import { accessSync, constants, existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Containment, ContainmentPlace } from "@pullcord/sdk/protocol";
import { placeName, type Grade, type Start } from "./grade.js";
import { sleeper, spawnQuietly } from "./sleeper.js";

/** What both versions of control groups have in common: a folder, a list of who is inside, a way in. */

/** Kinds of file systems, `f_type` of statfs(2): a folder elsewhere that looks like a control group is none. */
const fileSystems: readonly number[] = [0x63677270, 0x27e0eb];
const deepestNesting = 16;
const probeLimitMs = 1_000;
let probes = 0;

export interface Hierarchy {
  readonly type: "cgroup" | "cgroup2";
  readonly options: RegExp;
}

/** Where a kind of control group is mounted. @throws Error when it is not */
export function mountOf({ type, options }: Hierarchy): { readonly root: string; readonly folder: string } {
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [, root = "", folder = "", kind, said = ""] = /^\S+ \S+ \S+ (\S+) (\S+) .* - (\S+) \S+ (\S+)$/.exec(line) ?? [];
    if (kind === type && options.test(said)) return { root, folder };
  }
  throw new Error("this kind of control group is not mounted here");
}

/** The folder of this process's own group, below which ours are made. @param line picks it out of /proc/self/cgroup */
export function ownFolder(hierarchy: Hierarchy, line: RegExp): string {
  const { root, folder } = mountOf(hierarchy);
  const own = line.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
  return join(folder, root !== "/" && own.startsWith(root) ? own.slice(root.length) : own);
}

/** Starts a command inside a new group: this process goes in, forks, and comes back out at once. */
export function startInside(parent: string, kind: Containment, { name, words, spawn }: Start) {
  const folder = join(parent, placeName(name));
  // The way back has to be open before the way in is taken.
  accessSync(join(parent, "cgroup.procs"), constants.W_OK);
  mkdirSync(folder);
  writeFileSync(join(folder, "cgroup.procs"), "0");
  try {
    return { child: spawn(words), place: { kind, folder } };
  } finally {
    writeFileSync(join(parent, "cgroup.procs"), "0");
  }
}

/** Everybody in the group and in those below it. */
export function listInside(folder: string, depth = 0): Set<number> {
  const found = new Set<number>();
  if (depth > deepestNesting || !isControlGroup(folder)) return found;
  try {
    // A process of another namespace has the number 0 here.
    for (const line of readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n")) if (Number(line) > 1) found.add(Number(line));
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) for (const pid of listInside(join(folder, entry.name), depth + 1)) found.add(pid);
    }
  } catch {
    // It was taken away meanwhile, so nobody is in it.
  }
  return found;
}

/** Says something to the group; false when there is none any more. */
export function tellGroup(folder: string, file: string, text: string): boolean {
  try {
    if (!isControlGroup(folder)) return false;
    writeFileSync(join(folder, file), text);
    return true;
  } catch {
    return false;
  }
}

export function removeGroup(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeGroup(join(folder, entry.name));
    rmdirSync(folder);
    return true;
  } catch {
    // Gone already, or somebody is still inside.
    return !existsSync(folder);
  }
}

/** Starts a sleeper in a group of its own, freezes and ends it. */
export async function probeGroup(grade: Grade): Promise<string | null> {
  probes += 1;
  let place: ContainmentPlace | null = null;
  try {
    const held = await grade.start({ name: `probe-${process.pid}-${probes}`, words: sleeper, spawn: spawnQuietly });
    place = held.place;
    const inside = listInside(place.folder ?? "");
    if (held.child.pid === undefined || !inside.has(held.child.pid)) return "the process was not inside";
    grade.end(place, [...inside].map(sleeperInfo));
    for (const giveUpAt = Date.now() + probeLimitMs; listInside(place.folder ?? "").size > 0; await sleep(1)) {
      if (Date.now() > giveUpAt) return "the process did not end";
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    if (place) grade.remove(place);
  }
}

function sleeperInfo(pid: number) {
  return { pid, parent: 0, group: 0, session: 0, state: "", startedAt: "", words: [] };
}

/**
 * A folder right below where control groups are mounted, by its path: in there nobody can make a link. Elsewhere whoever
 * named the folder could, to the group of somebody else.
 */
function isControlGroup(folder: string): boolean {
  try {
    const mounts = readFileSync("/proc/self/mountinfo", "utf8").matchAll(/^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2? /gm);
    const isMounted = [...mounts].some(([, mount = ""]) => folder.startsWith(`${mount}/`) && !folder.includes("/../"));
    return isMounted && fileSystems.includes(statfsSync(folder).type);
  } catch {
    return false;
  }
}
