import { closeSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, statSync } from "node:fs";
import type { ProcessInfo } from "./process-info.js";

/** An environment variable that every process of a run carries. */
export interface Marker {
  readonly name: string;
  readonly value: string;
}

/** Every process that /proc shows. What ends while it is read is left out. */
export function readProc(): ProcessInfo[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
}

/** One process, or null when it is gone. */
export function readProcess(pid: number): ProcessInfo | null {
  const stat = attempt(() => readStat(pid));
  return stat === undefined ? null : parseStat(pid, stat);
}

/** These processes and all below them, as their parents tell: a few reads, which miss what was orphaned, or forked meanwhile. */
export function readTree(pids: Iterable<number>): ProcessInfo[] {
  const tree = new Map<number, ProcessInfo>();
  const next = [...pids];
  for (let pid = next.pop(); pid !== undefined; pid = next.pop()) {
    const each = tree.has(pid) ? null : readProcess(pid);
    if (each === null) continue;
    tree.set(pid, each);
    next.push(...childrenOf(pid));
  }
  return [...tree.values()];
}

/** Empty where the kernel was built without CONFIG_PROC_CHILDREN. */
function childrenOf(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  const ofThread = (thread: string) => attempt(() => readFileSync(`${folder}/${thread}/children`, "latin1")) ?? "";
  const threads = attempt(() => readdirSync(folder)) ?? [];
  return threads.flatMap((thread) => ofThread(thread).split(" ").filter(Boolean).map(Number));
}

/** The environment that a process was started with; empty where that can't be read. */
export function environmentOf(pid: number): ReadonlyMap<string, string> {
  const text = attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8")) ?? "";
  const words = text.split("\0").filter(Boolean);
  const pairs = words.map((pair) => [pair.slice(0, Math.max(0, pair.indexOf("="))), pair.slice(pair.indexOf("=") + 1)] as const);
  return new Map(pairs);
}

/** True when the process carries the marker in the environment it was started with; false when that can't be read. */
export function carries(pid: number, { name, value }: Marker): boolean {
  return environmentOf(pid).get(name) === value;
}

/** True when the process has a file of this name open, deleted or not; false when that can't be seen. */
export function holdsFile(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  const isIt = (name: string) => [path, `${path} (deleted)`].includes(attempt(() => readlinkSync(`${folder}/${name}`)) ?? "");
  return attempt(() => readdirSync(folder).some(isIt)) ?? false;
}

/** The user id that a process runs as; undefined when it is gone. */
export function userOf(pid: number): number | undefined {
  return attempt(() => statSync(`/proc/${pid}`).uid);
}

// Processes of other users can't be looked into, and any may end meanwhile.
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Of every process, at each look: one read into one buffer takes two thirds of what `readFileSync` does. @throws when it is gone */
function readStat(pid: number): string {
  const file = openSync(`/proc/${pid}/stat`, "r");
  try {
    return statBuffer.toString("latin1", 0, readSync(file, statBuffer));
  } finally {
    closeSync(file);
  }
}

/** More than a line of /proc/PID/stat can take. */
const statBuffer = Buffer.allocUnsafe(4_096);

// proc(5): pid (comm) state ppid pgrp session …; comm may hold blanks and brackets, so the last bracket divides.
function parseStat(pid: number, stat: string): ProcessInfo | null {
  const close = stat.lastIndexOf(")");
  const fields = stat.slice(close + 2).split(" ");
  const [state = "", parent = "", group = "", session = ""] = fields;
  if (state === "Z" || state === "X") return null;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    state,
    startedAt: fields[startTimeField] ?? "",
    environmentAt: fields[environmentField] ?? "",
    get words() {
      const line = attempt(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")) ?? "";
      return line === "" ? [stat.slice(stat.indexOf("(") + 1, close)] : line.replace(/\0$/, "").split("\0");
    },
  };
}

/** Fields 22 and 50 of proc(5), counted from the state. */
const startTimeField = 19;
const environmentField = 47;
