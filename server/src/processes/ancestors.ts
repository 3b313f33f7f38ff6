import { existsSync } from "node:fs";
import { allProcesses } from "./all-processes.js";
import type { ProcessInfo } from "./process-info.js";
import { readProcess } from "./proc.js";

const mostAncestors = 64;

/** The processes above one, nearest first; without it, above this one. */
export function ancestorsOf(pid: number = process.ppid): ProcessInfo[] {
  const find = finder();
  const found: ProcessInfo[] = [];
  for (let next = pid; next > 0 && found.length < mostAncestors;) {
    const each = find(next);
    if (!each) break;
    found.push(each);
    next = each.parent;
  }
  return found;
}

function finder(): (pid: number) => ProcessInfo | null {
  if (existsSync("/proc/self/stat")) return readProcess;
  const all = new Map(allProcesses().map((each) => [each.pid, each]));
  return (pid) => all.get(pid) ?? null;
}
