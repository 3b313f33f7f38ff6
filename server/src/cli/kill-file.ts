import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isKillFilePresent, PullcordError } from "@pullcord/sdk";

/** Stops everything without a server (E4): every gate looks for this file before each action. */
export function writeKillFile(path: string, reason: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${new Date().toISOString()} ${reason}\n`, { mode: 0o600 });
  } catch (cause) {
    throw new PullcordError("unavailable", "kill_file", `The kill file ${path} can't be written. Any way to create a file there works.`, {
      cause,
    });
  }
}

/** @returns whether it was there */
export function removeKillFile(path: string): boolean {
  const wasThere = isKillFilePresent(path);
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw new PullcordError("unavailable", "kill_file", `The kill file ${path} can't be removed. Check who owns it.`, { cause });
  }
  return wasThere;
}
