import { hash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { BlobStore } from "./blob-store.js";
import { openWorkshop, photograph } from "./workshop.test.support.js";

/** Swaps while restores run: 100,000 with PULLCORD_UNDO_SWAPS=100000 (docs/undo.md). */
const swaps = Number(process.env["PULLCORD_UNDO_SWAPS"] ?? 10_000);
const files = 25;
const longestMs = 20 * 60_000;

/** Puts a link to elsewhere in the place of a folder, one above it or a file and takes it away again, as fast as it can, and counts. */
const swapper = `
  const { renameSync, symlinkSync, unlinkSync } = require("node:fs");
  const { workerData: { swapped, shared } } = require("node:worker_threads");
  const state = new Int32Array(shared);
  for (let turn = 0; Atomics.load(state, 1) === 0; turn++) {
    const [path, elsewhere] = swapped[turn % swapped.length];
    try {
      renameSync(path, path + ".real");
      symlinkSync(elsewhere, path);
      unlinkSync(path);
      renameSync(path + ".real", path);
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
  async ({ annotate }) => {
    const shop = openWorkshop();
    const outside = join(dirname(shop.data), "outside/deep");
    const folder = join(shop.root, "inside/deep");
    for (const place of [outside, folder]) mkdirSync(place, { recursive: true });
    for (let file = 0; file < files; file++) {
      writeFileSync(join(outside, `file-${file}`), "theirs");
      writeFileSync(join(folder, `file-${file}`), `before ${file}`);
    }
    const untouched = photograph(dirname(outside));
    await shop.act("a1", () => {
      for (let file = 0; file < files; file++) writeFileSync(join(folder, `file-${file}`), `after ${file}`);
      writeFileSync(join(folder, "made"), "after");
    });
    const state = new Int32Array(new SharedArrayBuffer(8));
    const undo = await shop.keeper.plan({ runId: "r" });
    shop.keeper.begin("u0", undo);
    await shop.keeper.carryOut("u0");
    const redo = await shop.keeper.planRedo("u0");
    const swapped = [folder, join(folder, "file-7"), dirname(folder)].map((path) => [
      path,
      path.replace(join(shop.root, "inside"), dirname(outside)),
    ]);
    const worker = new Worker(swapper, { eval: true, workerData: { swapped, shared: state.buffer } });
    let [restores, hits, inWindow] = [0, 0, 0];
    let leftUntouched: Record<string, string> = {};
    let hasLeaked = false;
    try {
      for (; inWindow < swaps; restores++) {
        const id = `u${restores + 1}`;
        shop.keeper.begin(id, restores % 2 === 0 ? redo : undo);
        const before = Atomics.load(state, 0);
        hits += (await shop.keeper.carryOut(id)).conflicts.length;
        // Only those in the window: between two restores there is nothing to divert.
        inWindow += Atomics.load(state, 0) - before;
      }
      leftUntouched = photograph(dirname(outside));
      hasLeaked = writeCarelessly(folder, outside);
    } finally {
      Atomics.store(state, 1, 1);
      await new Promise((resolve) => worker.once("exit", resolve));
    }
    expect(leftUntouched).toEqual(untouched);
    expect(hasLeaked).toBe(true);
    // What was never ours was never read, either.
    await shop.keeper.close();
    const kept = new BlobStore({ folder: join(shop.data, "blobs"), quotaBytes: 0 });
    expect([kept.has(hash("sha256", "before 1")), kept.has(hash("sha256", "theirs"))]).toEqual([true, false]);
    // Some found the way blocked, so that swaps did come in between its steps.
    expect([restores > 10, hits > 0]).toEqual([true, true]);
    await annotate(`${inWindow} swaps in ${restores} restores, ${hits} paths found blocked, 0 writes outside`);
    shop.remove();
  },
  longestMs,
);
