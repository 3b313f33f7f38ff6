import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PlannedPart } from "@pullcord/sdk/undo";
import { fill, meddle, openWorkshop, photograph, seeded, type Workshop } from "../../sdk/src/undo/workshop.test.support.js";
import { pullcordWords } from "./cli/command.js";

/** Points at which each is killed: an undo, a redo, a look; 200 with PULLCORD_UNDO_KILLS=200 (docs/undo.md). */
const kills = Number(process.env["PULLCORD_UNDO_KILLS"] ?? 12);
const actions = 45;
/** Changes at the end that are about the record and not about the files; they vary. */
const bookkeeping = 16;
/** More than a look makes: it then ends before it is killed, which counts for nothing. */
const changesOfLook = 30;
/** Each so many looks, one knows nothing yet. */
const looksPerFirst = 5;
const longestMs = 30 * 60_000;
const childAt = (name: string) => fileURLToPath(new URL(`undo/${name}.mjs`, import.meta.url));

let shop: Workshop;
beforeEach(() => {
  shop = openWorkshop();
});
afterEach(() => shop.remove());

/** Another process works, and is killed at a change to the disk that it makes. */
function elsewhere(program: string, ...given: readonly (string | number)[]) {
  const words = [...pullcordWords.slice(0, -1), childAt(program), ...given.map(String)];
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
  `is finished by the next server wherever an undo or a redo is killed with -9 (${kills} points each)`,
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
    const measured = [redo, undo].map((parts, index) => {
      shop.keeper.begin(`whole-${index}`, parts);
      return elsewhere("carry-out", shop.data, `whole-${index}`, 0).changes;
    });
    expect([Math.min(...measured) > 200, differing(before)]).toEqual([true, []]);

    const killed = async (id: string, parts: readonly PlannedPart[], { nth, meant }: { nth: number; meant: typeof before }) => {
      shop.keeper.begin(id, parts);
      expect([id, nth, elsewhere("carry-out", shop.data, id, nth).isKilled]).toEqual([id, nth, true]);
      const { conflicts, unverified, failure } = await shop.reopen().carryOut(id);
      expect([id, nth, conflicts, unverified, failure, differing(meant)]).toEqual([id, nth, [], [], undefined, []]);
    };
    for (let kill = 0; kill < kills; kill++) {
      const [redoAt = 1, undoAt = 1] = measured.map((changes) => 1 + Math.floor((kill * (changes - bookkeeping)) / Math.max(1, kills - 1)));
      await killed(`redo-${kill}`, redo, { nth: redoAt, meant: after });
      await killed(`undo-${kill}`, undo, { nth: undoAt, meant: before });
    }
  },
  longestMs,
);

it(
  `can be undone by the next server wherever a look is killed with -9 (${kills} points)`,
  async ({ annotate }) => {
    fill(shop.root, seeded(6));
    for (const name of ["large-one", "large-two"]) writeFileSync(join(shop.root, name), randomBytes(400_000));
    const before = photograph(shop.root);
    const points = new Set<number>();
    let [killed, ran] = [0, 0];
    for (let run = 0; killed < kills; run++) {
      if (run % looksPerFirst === 0) rmSync(shop.data, { recursive: true, force: true });
      const nth = 1 + ((run * 7) % changesOfLook);
      if (elsewhere("capture", shop.data, shop.root, run, nth).isKilled) {
        killed += 1;
        points.add(nth);
        if (differing(before).length > 0) ran += 1;
      }
      const next = shop.reopen();
      await next.settle(`r${run}`);
      next.begin(`u${run}`, await next.plan({ runId: `r${run}` }));
      const { conflicts, unverified, failure } = await next.carryOut(`u${run}`);
      expect([run, nth, conflicts, unverified, failure, differing(before)]).toEqual([run, nth, [], [], undefined, []]);
      await next.close();
    }
    // Some before the action ran, some after.
    expect([points.size > 5, ran > 0, ran < killed]).toEqual([true, true, true]);
    await annotate(`killed ${killed} times at ${points.size} different changes, ${ran} of them after the action had run`);
  },
  longestMs,
);
