import { readFileSync, readdirSync } from "node:fs";
import type { ProcessInfo } from "./process-info.js";

/** Every process that /proc shows. What ends while it is read is left out. */
export function readProc(): ProcessInfo[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
}

/** One process, or null when it is gone. */
export function readProcess(pid: number): ProcessInfo | null {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, "latin1"), readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return null;
  }
}

/** True when the process carries `name=value` in the environment it was started with; false when that can't be read. */
export function carries(pid: number, marker: { readonly name: string; readonly value: string }): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`${marker.name}=${marker.value}`);
  } catch {
    return false;
  }
}

// proc(5): pid (comm) state ppid pgrp session …; comm may hold blanks and brackets, so the last bracket divides.
function parseStat(pid: number, stat: string, commandLine: string): ProcessInfo | null {
  const close = stat.lastIndexOf(")");
  const fields = stat.slice(close + 2).split(" ");
  const [state = "", parent = "", group = "", session = ""] = fields;
  if (state === "Z" || state === "X") return null;
  const name = stat.slice(stat.indexOf("(") + 1, close);
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    state,
    startedAt: fields[startTimeField] ?? "",
    words: commandLine === "" ? [name] : commandLine.replace(/\0$/, "").split("\0"),
  };
}

/** Field 22 of proc(5), counted from the state. */
const startTimeField = 19;
