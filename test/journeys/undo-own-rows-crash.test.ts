import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OwnWorkshop, patience } from "./undo/own-workshop.js";
import { dialects } from "./undo/own-shop.js";
import { ended, killed, type Telling } from "./undo/programs.js";

/** Points at which a program is killed in the middle of an undo. */
const kills = Number(process.env["PULLCORD_UNDO_KILLS"] ?? 4);
const longestMs = 20 * 60_000;

describe.each(dialects)("a program that is killed with -9 while it changes rows of its own ($dialect)", ({ dialect, open }) => {
  let workshop: OwnWorkshop;
  beforeEach(async () => {
    workshop = await OwnWorkshop.open(open, "remote");
  });
  afterEach(() => workshop.close());

  const works = [
    ["UPDATE users SET name = 'agent', balance = 0 WHERE id < 5", "DELETE FROM orders WHERE id < 4"],
    ["UPDATE users SET name = 'agent again' WHERE id < 3", "INSERT INTO prices (country, year) VALUES ('xx', 1)"],
  ];
  const dump = async () => JSON.stringify(await workshop.rows());
  /** The program works until it is killed; then its run is stopped. */
  async function killedAt(killAt: NonNullable<Telling["killAt"]>): Promise<string> {
    const dying = workshop.program({ works: works.slice(0, 1), killAt });
    const run = (await dying.hears("run")) as string;
    expect(await ended(dying.process)).toBe("SIGKILL");
    await workshop.server.person.intervene({ kind: "stop", scope: { kind: "run", id: run }, reason: "It is gone." });
    workshop.program();
    return run;
  }

  it("leaves nothing to take back between handing in and COMMIT, not even what somebody does by hand later", async () => {
    const before = await dump();
    const run = await killedAt("before commit");
    await vi.waitFor(async () => expect(await dump()).toBe(before), patience);
    await workshop.previewed({ run }, ({ changes, conflicts }) => expect([changes, conflicts]).toEqual([[], []]));
    for (const sql of works[0] ?? []) await workshop.shop.run(sql);
    const byHand = await dump();
    const preview = await workshop.previewed({ run }, ({ changes }) => expect(changes).toEqual([]));
    // SQLite keeps no record of what was committed: what might be somebody else's is listed, and left.
    if (dialect === "SQLite") expect(preview.conflicts.map(({ path }) => path)).toContain("shop/users/1");
    else expect(preview.conflicts).toEqual([]);
    expect(await dump()).toBe(byHand);
  });

  it("is known to have committed, where the database can tell, between COMMIT and saying so", async () => {
    const before = await dump();
    const run = await killedAt("after commit");
    const after = await dump();
    expect(after).not.toBe(before);
    if (dialect === "SQLite") {
      const preview = await workshop.previewed({ run }, ({ changes }) => expect(changes).toEqual([]));
      expect(preview.conflicts.map(({ path }) => path)).toContain("shop/users/1");
      expect(preview.conflicts[0]?.sentence).toMatch(/ended before it said whether this was committed/);
      expect(await dump()).toBe(after);
      return;
    }
    const { digest } = await workshop.previewed({ run }, ({ changes }) => expect(changes).toHaveLength(7));
    expect(await workshop.server.person.undo({ run, digest })).toMatchObject({ status: "done", conflicts: [], unverified: [] });
    expect(await dump()).toBe(before);
  });

  it(
    `goes on where it was killed in the middle of an undo: nothing half done, nothing twice (${kills} points)`,
    async () => {
      const before = await dump();
      const seller = workshop.program({ works });
      const run = (await seller.hears("finished")) as string;
      const after = await dump();
      const whole = await workshop.previewed({ run }, ({ changes }) => expect(changes).toHaveLength(8));
      let redoOf = (await workshop.server.person.undo({ run, digest: whole.digest })).id;
      expect(await dump()).toBe(before);
      const count = Number(seller.said.findLast(({ asked }) => asked === "undo")?.["statements"]);
      expect(count).toBeGreaterThan(10);
      await killed(seller.process);
      const seen = new Set<string>();
      for (let kill = 0; kill < kills; kill++) {
        const again = workshop.program();
        const forwards = await workshop.previewed({ undo: redoOf }, ({ changes }) => expect(changes).toHaveLength(8));
        await workshop.server.person.undo({ undo: redoOf, digest: forwards.digest });
        expect(await dump()).toBe(after);
        await killed(again.process);
        const nth = 1 + Math.floor((kill * (count - 1)) / Math.max(1, kills - 1));
        const dying = workshop.program({ killStatement: nth });
        const { digest } = await workshop.previewed({ run }, ({ changes }) => expect(changes).toHaveLength(8));
        const undoing = workshop.server.person.undo({ run, digest }).catch(() => undefined);
        expect([nth, await ended(dying.process)]).toEqual([nth, "SIGKILL"]);
        // Before or after, as soon as the database has noticed; never anything between.
        seen.add(
          await vi.waitFor(async () => {
            const now = await dump();
            expect([before, after]).toContain(now);
            return now;
          }, patience),
        );
        await workshop.restartServer();
        await undoing;
        const helping = workshop.program();
        const undo = await vi.waitFor(async () => {
          const { items } = await workshop.server.person.listUndos({ run });
          expect(items[0]).toMatchObject({ kind: "undo", status: "done" });
          return items[0]!;
        }, patience);
        expect([nth, undo.conflicts, undo.unverified, undo.restored.length]).toEqual([nth, [], [], 8]);
        expect(await dump()).toBe(before);
        redoOf = undo.id;
        await killed(helping.process);
      }
      expect(seen).toEqual(new Set([before, after]));
    },
    longestMs,
  );
});
