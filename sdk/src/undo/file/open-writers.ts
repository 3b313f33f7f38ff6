import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Conflict } from "./plan.js";

/** How long programs are looked through, in milliseconds: it is a help and no promise. */
const longestMs = 300;
/** The event loop is given back at least this often, in milliseconds. */
const turnMs = 8;
/** Of open(2): for writing, alone or also for reading. */
const writing = 0o3;

/**
 * Who holds files open for writing that were moved aside and removed since (Linux, proc(5)). Only processes that this user
 * may look at; nothing where there is no such place.
 * @param removed by the absolute path that they had when they were removed: the path that they are known by
 */
export async function openWriters(removed: ReadonlyMap<string, string>): Promise<Conflict[]> {
  const found = new Map<string, Conflict>();
  const until = performance.now() + longestMs;
  let turnAt = performance.now();
  for (const pid of removed.size === 0 ? [] : namesIn("/proc").filter((name) => /^\d+$/.test(name))) {
    for (const handle of namesIn(`/proc/${pid}/fd`)) {
      const path = removed.get(removedAt(`/proc/${pid}/fd/${handle}`) ?? "");
      if (path !== undefined && isForWriting(`/proc/${pid}/fdinfo/${handle}`))
        found.set(`${pid} ${path}`, { path, sentence: sentenceFor(pid) });
    }
    if (performance.now() > until) break;
    if (performance.now() - turnAt < turnMs) continue;
    await new Promise(setImmediate);
    turnAt = performance.now();
  }
  return [...found.values()];
}

function sentenceFor(pid: string): string {
  const name = textIn(`/proc/${pid}/comm`).trim() || "A program";
  return `${name} (process ${pid}) has what stood there open for writing: what it writes from now on is lost, until it opens the file anew.`;
}

function removedAt(handle: string): string | null {
  try {
    return /^(.*) \(deleted\)$/s.exec(readlinkSync(handle))?.[1] ?? null;
  } catch {
    return null;
  }
}

function isForWriting(handle: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(textIn(handle))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & writing) !== 0;
}

function textIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** None of a process that ended meanwhile, or is another user's. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
