import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { percentile } from "./statistics.ts";

/** About what one decision adds to the log, in bytes. */
const entryBytes = 600;

/** What the disk takes to keep one small write, in milliseconds: nothing durable can be faster. */
export function fsyncFloor(folder: string, measureMs: number): { readonly p50Ms: number; readonly p99Ms: number } {
  const file = join(folder, "fsync-floor");
  const descriptor = openSync(file, "w");
  const entry = Buffer.alloc(entryBytes, "x");
  const took: number[] = [];
  try {
    const until = performance.now() + measureMs;
    for (let before = performance.now(); before < until; before = performance.now()) {
      writeSync(descriptor, entry);
      fdatasyncSync(descriptor);
      took.push(performance.now() - before);
    }
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
  const sorted = Float64Array.from(took).sort();
  return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) };
}
