import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fill, meddle, openWorkshop, photograph, seeded, type Workshop } from "../../sdk/src/undo/workshop.test.support.js";
import { pullcordWords } from "./cli/command.js";

/** Points at which an undo is killed; 200 with PULLCORD_UNDO_KILLS=200 (docs/undo.md). */
const kills = Number(process.env["PULLCORD_UNDO_KILLS"] ?? 20);
const actions = 45;
/** Changes at the end that are about the record and not about the files; they vary. */
const bookkeeping = 12;
const longestMs = 20 * 60_000;
const child = fileURLToPath(new URL("undo/carry-out.mjs", import.meta.url));

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

/** Another process carries an undo out, and is killed at the nth change to the disk that it makes. */
function carryOutElsewhere(undoId: string, nth: number) {
  const words = [...pullcordWords.slice(0, -1), child, shop.data, undoId, String(nth)];
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { isKilled: signal === "SIGKILL", changes: Number(stdout) };
}

/** Paths that do not stand as they did. */
function differing(then: Record<string, string>): string[] {
  const now = photograph(shop.root);
  return Object.keys({ ...then, ...now }).filter((path) => then[path] !== now[path]);
}

it(
  `is finished by the next server wherever the undo is killed with -9 (${kills} points)`,
  async () => {
    const random = seeded(5);
    fill(shop.root, random);
    const before = photograph(shop.root);
    for (let action = 0; action < actions; action++) await shop.act(`a${action}`, () => meddle(shop.root, random));
    const after = photograph(shop.root);

    const undo = await shop.keeper.plan({ runId: "r" });
    shop.keeper.begin("first", undo);
    await shop.keeper.carryOut("first");
    const redo = await shop.keeper.planRedo("first");
    shop.keeper.begin("again", redo);
    await shop.keeper.carryOut("again");
    shop.keeper.begin("whole", undo);
    const { isKilled, changes } = carryOutElsewhere("whole", 0);
    expect([isKilled, differing(before)]).toEqual([false, []]);
    expect(changes).toBeGreaterThan(200);

    for (let kill = 0; kill < kills; kill++) {
      const nth = 1 + Math.floor((kill * (changes - bookkeeping)) / Math.max(1, kills - 1));
      const [back, there] = [`u${kill}`, `r${kill}`];
      shop.keeper.begin(there, redo);
      await shop.keeper.carryOut(there);
      expect(differing(after)).toEqual([]);
      shop.keeper.begin(back, undo);
      expect([nth, carryOutElsewhere(back, nth).isKilled]).toEqual([nth, true]);
      const end = await shop.reopen().carryOut(back);
      expect([nth, end.conflicts, end.unverified, end.failure]).toEqual([nth, [], [], undefined]);
      expect([nth, differing(before)]).toEqual([nth, []]);
    }
  },
  longestMs,
);
