import { existsSync } from "node:fs";
import type { ProcessInfo } from "./process-info.js";
import { carries, readProc } from "./proc.js";
import { readPs } from "./ps.js";

/** How the processes of a run are told from all others. Whatever fits one of these belongs to it, with its descendants. */
export interface ProcessTarget {
  readonly pid?: number | undefined;
  /** A process group id. */
  readonly group?: number | undefined;
  /** An environment variable that every process of the run carries. */
  readonly marker?: { readonly name: string; readonly value: string } | undefined;
}

/** Every process on the machine that this user can see, zombies left out. */
export function allProcesses(): ProcessInfo[] {
  return existsSync("/proc/self/stat") ? readProc() : readPs();
}

/** The living processes of a target, never this one. @param known processes found before: their children count too */
export function findProcesses(target: ProcessTarget, known: ReadonlyMap<number, ProcessInfo> = new Map()): ProcessInfo[] {
  const all = allProcesses();
  const found = new Map<number, ProcessInfo>();
  for (const candidate of all) if (isRoot(candidate, target, known)) found.set(candidate.pid, candidate);
  // Each round adds one more generation; a tree is never deeper than there are processes.
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const candidate of all) if (found.has(candidate.parent)) found.set(candidate.pid, candidate);
  }
  found.delete(process.pid);
  return [...found.values()];
}

function isRoot(candidate: ProcessInfo, target: ProcessTarget, known: ReadonlyMap<number, ProcessInfo>): boolean {
  // What an agent says of its processes is its own word: it never makes us end ourselves, or the system's first process.
  if (candidate.pid === process.pid || candidate.pid === firstProcess) return false;
  if (candidate.pid === target.pid) return true;
  if (target.group !== undefined && target.group > firstProcess && candidate.group === target.group) return true;
  if (known.get(candidate.pid)?.startedAt === candidate.startedAt) return true;
  return target.marker !== undefined && isMarked(candidate, target.marker);
}

const firstProcess = 1;

function isMarked({ pid, environment }: ProcessInfo, marker: { readonly name: string; readonly value: string }): boolean {
  if (environment !== undefined) return ` ${environment} `.includes(` ${marker.name}=${marker.value} `);
  return carries(pid, marker);
}
