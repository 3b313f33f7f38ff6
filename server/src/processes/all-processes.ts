import { existsSync } from "node:fs";
import type { ProcessInfo } from "./process-info.js";
import { readProc } from "./proc.js";
import { readPs } from "./ps.js";

/** Every process on the machine that this user can see, zombies left out. */
export function allProcesses(): ProcessInfo[] {
  return existsSync("/proc/self/stat") ? readProc() : readPs();
}
