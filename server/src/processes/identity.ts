import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "@pullcord/sdk/protocol";
import { allProcesses } from "./all-processes.js";
import { readProcess } from "./proc.js";

let machine: string | null = null;

/** This machine since its start, and the space its process numbers count in: a pid means nothing elsewhere. */
function thisMachine(): string {
  machine ??= readMachine();
  return machine;
}

function readMachine(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

/** True when process numbers from there mean something here. */
export function isMachine(there: string): boolean {
  return there === thisMachine();
}

/** A living process, told from any later one with its number; undefined when it is gone. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = (process.platform === "linux" ? readProcess(pid) : allProcesses().find((each) => each.pid === pid))?.startedAt;
  return startedAt === undefined ? undefined : { pid, startedAt, machine: thisMachine() };
}

/** True only when it is certain: on this machine, and the process is gone or its number is another's by now. */
export function isGone({ pid, startedAt, machine: there }: ProcessIdentity): boolean {
  if (!isMachine(there)) return false;
  const now = identify(pid);
  return now === undefined ? !exists(pid) : now.startedAt !== startedAt;
}

/** A process that another user hides is still there. A zombie is gone: it does nothing more. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}
