import type { ProcessState, RunningProcess } from "@pullcord/sdk/protocol";
import { commandLine } from "./command-line.js";
import type { ProcessInfo } from "./process-info.js";

/** The system's letters for what a process does; Linux and macOS share these. */
const states: Readonly<Record<string, ProcessState>> = {
  R: "working",
  S: "waiting",
  I: "waiting",
  D: "uninterruptible",
  U: "uninterruptible",
  T: "frozen",
  t: "frozen",
};

/** Processes as people see them: parents before their children, so that the list reads as a tree. */
export function runningProcesses(members: readonly ProcessInfo[]): RunningProcess[] {
  const pids = new Set(members.map(({ pid }) => pid));
  const byParent = Map.groupBy(members, ({ parent }) => (pids.has(parent) ? parent : null));
  const below = (parent: number | null): ProcessInfo[] =>
    (byParent.get(parent) ?? []).toSorted((one, other) => one.pid - other.pid).flatMap((each) => [each, ...below(each.pid)]);
  return below(null).map(({ pid, parent, state, words }) => ({
    pid,
    parent,
    command: commandLine(words),
    state: states[state.slice(0, 1)] ?? "other",
  }));
}
