import { existsSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { fill, meddle, openWorkshop, photograph, seeded, type Workshop } from "./workshop.test.support.js";

const cases = 12;
const actions = 25;

/** A key of a configuration is set anew, as long as the file is there. */
function setKey(file: string, random: () => number): void {
  if (!existsSync(file)) return;
  const known = JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  writeFileSync(file, `${JSON.stringify({ ...known, [`key${Math.floor(random() * 8)}`]: random() }, null, 2)}\n`);
}

/** Paths at which two photographs differ. */
function differing(one: Record<string, string>, other: Record<string, string>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((path) => one[path] !== other[path]).toSorted();
}

/** A run and a person change files and a configuration in turns. */
async function changeAll({ root, act, at }: Workshop, random: () => number): Promise<void> {
  fill(root, random);
  writeFileSync(at("config.json"), '{\n  "key0": 0\n}\n');
  const change = () => (random() < 0.2 ? setKey(at("config.json"), random) : void meddle(root, random));
  for (let action = 0; action < actions; action += 1) {
    await act(`a${action}`, change);
    if (random() < 0.3) change();
  }
}

/** Takes the run back: what was shown before, what was said after, and what became different. */
async function scene(seed: number, comeIn = (_shop: Workshop, _shown: readonly string[]): void => undefined) {
  const shop = openWorkshop();
  try {
    await changeAll(shop, seeded(seed));
    const parts = await shop.keeper.plan({ runId: "r" });
    shop.keeper.begin("u1", parts);
    const shown = shop.keeper.shown(parts).changes.map(({ path }) => path);
    comeIn(shop, shown);
    const before = photograph(shop.root);
    const { restored, conflicts, unverified, failure } = await shop.keeper.carryOut("u1");
    const became = differing(before, photograph(shop.root));
    return {
      shown: shown.toSorted(),
      restored: restored.toSorted(),
      became,
      amiss: [...conflicts, ...unverified, ...(failure === undefined ? [] : [failure])],
    };
  } finally {
    shop.remove();
  }
}

it("shows before an undo exactly what the undo then does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const { shown, restored, became, amiss } = await scene(seed);
      expect([shown, restored, amiss]).toEqual([became, became, []]);
    }),
    { numRuns: cases },
  );
});

it("finds it where a path that was shown then stays", async () => {
  let saved = "";
  const { shown, restored, became, amiss } = await scene(100, ({ at }, paths) => {
    saved = paths.find((path) => lstatSync(at(path), { throwIfNoEntry: false })?.isFile()) ?? "";
    writeFileSync(at(saved), "a person's, saved meanwhile");
  });
  expect([shown.includes(saved), became.includes(saved), restored]).toEqual([true, false, became]);
  expect(amiss).toContainEqual(expect.objectContaining({ path: saved }));
});
