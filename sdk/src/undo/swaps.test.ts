import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { openWorkshop, photograph } from "./workshop.test.support.js";

const swaps = 10_000;
const files = 25;
const longestMs = 120_000;

/** Puts a link to elsewhere in the place of a folder and takes it away again, as fast as it can, and counts. */
const swapper = `
  const { renameSync, symlinkSync, unlinkSync } = require("node:fs");
  const { workerData: { folder, outside, shared } } = require("node:worker_threads");
  const state = new Int32Array(shared);
  while (Atomics.load(state, 1) === 0) {
    try {
      renameSync(folder, folder + ".real");
      symlinkSync(outside, folder);
      unlinkSync(folder);
      renameSync(folder + ".real", folder);
      Atomics.add(state, 0, 1);
    } catch {}
  }
`;

/** What the swaps would do to a restore that checks a path and then writes to it: proof that they are fast enough. */
function writeCarelessly(folder: string, outside: string): boolean {
  for (let tries = 0; tries < 1_000_000; tries++) {
    try {
      if (realpathSync(folder) === folder) writeFileSync(join(folder, "leak"), "ours");
    } catch {
      // Between two swaps there is nothing.
    }
    if (tries % 100 === 0 && existsSync(join(outside, "leak"))) return true;
  }
  return false;
}

it(
  "writes nothing outside while folders are swapped for links under it",
  async () => {
    const shop = openWorkshop();
    const outside = join(dirname(shop.data), "outside");
    const folder = join(shop.root, "inside");
    for (const place of [outside, folder]) mkdirSync(place);
    for (let file = 0; file < files; file++) {
      writeFileSync(join(outside, `file-${file}`), "theirs");
      writeFileSync(join(folder, `file-${file}`), `before ${file}`);
    }
    const untouched = photograph(outside);
    await shop.act("a1", () => {
      for (let file = 0; file < files; file++) writeFileSync(join(folder, `file-${file}`), `after ${file}`);
      writeFileSync(join(folder, "made"), "after");
    });
    const state = new Int32Array(new SharedArrayBuffer(8));
    const undo = await shop.keeper.plan({ runId: "r" });
    shop.keeper.begin("u0", undo);
    await shop.keeper.carryOut("u0");
    const redo = await shop.keeper.planRedo("u0");
    const worker = new Worker(swapper, { eval: true, workerData: { folder, outside, shared: state.buffer } });
    let [restores, hits] = [0, 0];
    let leftUntouched: Record<string, string> = {};
    let hasLeaked = false;
    try {
      for (; Atomics.load(state, 0) < swaps; restores++) {
        const id = `u${restores + 1}`;
        shop.keeper.begin(id, restores % 2 === 0 ? redo : undo);
        hits += (await shop.keeper.carryOut(id)).conflicts.length;
      }
      leftUntouched = photograph(outside);
      hasLeaked = writeCarelessly(folder, outside);
    } finally {
      Atomics.store(state, 1, 1);
      await new Promise((resolve) => worker.once("exit", resolve));
    }
    expect(leftUntouched).toEqual(untouched);
    expect(hasLeaked).toBe(true);
    // What was never ours was never read, either.
    const packs = readdirSync(join(shop.data, "blobs")).map((name) => readFileSync(join(shop.data, "blobs", name)));
    expect(packs.map((pack) => pack.includes("before 1"))).toContain(true);
    expect(packs.map((pack) => pack.includes("theirs"))).not.toContain(true);
    expect(Atomics.load(state, 0)).toBeGreaterThanOrEqual(swaps);
    expect([restores > 10, hits > 0]).toEqual([true, true]);
    shop.remove();
  },
  longestMs,
);
