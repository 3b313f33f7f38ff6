import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Containment, ContainmentPlace, ProcessIdentity } from "@pullcord/sdk/protocol";
import { allProcesses } from "../all-processes.js";
import { identify } from "../identity.js";
import type { ProcessInfo } from "../process-info.js";
import { signal } from "../signal.js";
import type { Grade, Held, Start } from "./grade.js";
import { sleeper, spawnQuietly } from "./sleeper.js";

/** What every PID namespace has in common: its first process. Whoever is orphaned becomes its child; with it, all end. */

const appearLimitMs = 2_000;
const lookEveryMs = 2;
let probes = 0;

/** Starts the words, which make a namespace as their only child, and finds that child from outside. */
export async function startNamespace(kind: Containment, words: readonly string[], { spawn }: Start): Promise<Held> {
  const child = spawn(words);
  const { pid } = child;
  // A program that is not there is told by the child's own error.
  const init = pid === undefined ? undefined : await firstInside(pid, () => child.exitCode !== null || child.signalCode !== null);
  return { child, place: { kind, ...(init && { init }) } };
}

async function firstInside(outer: number, isOver: () => boolean): Promise<ProcessIdentity | undefined> {
  for (const giveUpAt = Date.now() + appearLimitMs; Date.now() < giveUpAt && !isOver(); await sleep(lookEveryMs)) {
    const first = allProcesses().find(({ parent }) => parent === outer);
    const identity = first && identify(first.pid);
    if (identity) return identity;
  }
  return undefined;
}

/** The first process and everything below it: outside there is no way to have left the tree. */
export function listNamespace({ init }: ContainmentPlace, all: readonly ProcessInfo[]): Set<number> {
  const found = new Set(all.filter(({ pid, startedAt }) => pid === init?.pid && startedAt === init.startedAt).map(({ pid }) => pid));
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return found;
}

/** Ends the first process; the kernel ends all others before it lets the first one go. */
export function endNamespace({ init }: ContainmentPlace, held: readonly ProcessInfo[]): void {
  if (init && held.some(({ pid, startedAt }) => pid === init.pid && startedAt === init.startedAt)) signal(init, "SIGKILL");
}

export async function probeNamespace(grade: Grade, program: string): Promise<string | null> {
  if (!(process.env["PATH"] ?? "").split(":").some((folder) => existsSync(`${folder}/${program}`))) return `${program} is not installed`;
  probes += 1;
  let held: Held | null = null;
  try {
    held = await grade.start({ name: `probe-${process.pid}-${probes}`, words: sleeper, spawn: spawnQuietly });
    const { child, place } = held;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    if (!place.init) return "it made no namespace";
    const all = allProcesses();
    const inside = grade.list(place, all);
    grade.end(
      place,
      all.filter(({ pid }) => inside.has(pid)),
    );
    await Promise.race([ended, sleep(appearLimitMs, undefined, { ref: false })]);
    return child.exitCode === null && child.signalCode === null ? "it did not end with its first process" : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    held?.child.kill("SIGKILL");
  }
}
