import { spawn, type ChildProcess } from "node:child_process";

/** Long enough for any probe, in seconds; it ends by itself should a probe fail to end it. */
export const sleeper: readonly string[] = ["sleep", "5"];

/** Starts a harmless process to try something on. */
export function spawnQuietly([program = "", ...args]: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  return child;
}
