import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { change, otherChange } from "../../sdk/src/undo/database/churn.test.support.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { pullcord } from "./cli/command.js";
import { OwnPlace } from "./undo/own-place.js";
import { dialects } from "./undo/own-shop.js";

/** Generated changes of one run (issue 6). */
const changes = 200;
/** Longest that so many may take on a machine that many share, in milliseconds. */
const longestMs = 15 * 60_000;
const modes = ["same-user", "remote"] as const;

describe.each(dialects.flatMap(({ dialect, open }) => modes.map((mode) => [dialect, mode, open] as const)))(
  "rows that a program changes by itself in %s, of a server in mode %s",
  (dialect, mode, open) => {
    let place: OwnPlace;
    beforeEach(async () => {
      place = await OwnPlace.open(open, mode);
    });
    afterEach(() => place.close());

    /** Changes of rows alone, a transaction each. */
    const generated = (random: () => number): string[][] => {
      const works: string[][] = [];
      for (let step = 0; works.length < changes; step++) {
        const statements = change(step, random);
        if (statements.every(({ inverse }) => inverse === undefined)) works.push(statements.map(({ text }) => text));
      }
      return works;
    };

    // The long ones in one mode of each.
    const isLong = (mode === "remote") === (dialect !== "SQLite");
    it.runIf(isLong)(
      `go back to the same contents after ${changes} generated changes, and forwards again`,
      async () => {
        const before = await place.rows();
        const seller = place.program({ works: generated(seeded(51)) });
        const run = (await seller.hears("finished")) as string;
        expect(seller.said.filter((said) => "failed" in said)).toEqual([]);
        const after = await place.rows();
        expect(after).not.toEqual(before);
        const { undo: back } = await place.undo({ run });
        expect([back.status, back.conflicts, back.unverified]).toEqual(["done", [], []]);
        expect(await place.rows()).toEqual(before);
        const { undo: redo } = await place.undo({ undo: back.id });
        expect([redo.kind, redo.status, redo.conflicts, redo.unverified]).toEqual(["redo", "done", [], []]);
        expect(await place.rows()).toEqual(after);
      },
      longestMs,
    );

    it.runIf(isLong)(
      "go back beside what others write meanwhile, which stays",
      async () => {
        const random = seeded(52);
        const before = await place.rows();
        const users = new Map(before[0]?.map((row) => [Number(row["id"]), row]));
        const prices = new Map<number, number>();
        const seller = place.program({ works: generated(random) });
        await seller.hears("done");
        for (let step = 0; step < changes / 2; step++) {
          const sql = otherChange(step, random);
          const isDone = (await place.shop.run(sql)) > 0;
          const [, remark, id] = /'(theirs \d+)' WHERE id = (\d+)/.exec(sql) ?? [];
          const old = users.get(Number(id));
          if (old && isDone) users.set(Number(id), { ...old, remark });
          const [, fresh, email] = /VALUES \((\d+), 'theirs', '(.*)'\)/.exec(sql) ?? [];
          if (fresh) users.set(Number(fresh), { id: Number(fresh), name: "theirs", email, balance: null, remark: null });
          const [, year] = /VALUES \('theirs', (\d+), 1\)/.exec(sql) ?? [];
          if (year) prices.set(Number(year), 1);
          if (sql.startsWith("UPDATE prices")) for (const [at, amount] of prices) prices.set(at, amount + 1);
        }
        const run = (await seller.hears("finished")) as string;
        const { undo: back } = await place.undo({ run });
        expect([back.status, back.conflicts, back.unverified]).toEqual(["done", [], []]);
        const [, orders] = before;
        const [usersNow, ordersNow, pricesNow] = await place.rows();
        expect(usersNow).toEqual([...users.values()].toSorted((one, other) => Number(one["id"]) - Number(other["id"])));
        expect(ordersNow).toEqual(orders);
        const theirs = pricesNow?.filter(({ country }) => country === "theirs") ?? [];
        expect(theirs.map(({ year, amount }) => [Number(year), Number(amount)])).toEqual([...prices]);
        expect(pricesNow?.filter(({ country }) => country !== "theirs")).toEqual(before[2]);
      },
      longestMs,
    );

    it("go back to the same contents, shown before row by row, in part where that is wanted, and forwards again", async () => {
      const before = await place.rows();
      const works = [
        ["UPDATE users SET name = 'agent' WHERE id = 1", "UPDATE orders SET total = 0 WHERE id = 7"],
        ["UPDATE users SET name = 'agent again' WHERE id = 1"],
        ["DELETE FROM users WHERE id = 3"],
      ];
      const run = (await place.program({ works }).hears("finished")) as string;
      const after = await place.rows();
      const { changes: made } = await place.server.person.changesOf(run);
      expect(made.map(({ of, path }) => [of, path])).toContainEqual(["custom", "shop/users/1"]);
      // Orders of a user that is gone have to wait for the user.
      const part = await place.undo({ run, only: ["shop/orders"] });
      expect(part.preview.changes.map(({ path }) => path)).toEqual(["shop/orders/7"]);
      expect(part.undo.restored).toEqual(["shop/orders/7"]);
      expect(part.undo.conflicts.map(({ path, sentence }) => [path.slice(0, 12), /foreign key/i.test(sentence)])).toContainEqual([
        "shop/orders/",
        true,
      ]);
      writeFileSync(join(place.folder, "credentials.json"), JSON.stringify({ server: place.server.url, token: place.server.owner }));
      const shown = await pullcord(place.folder, ["undo", run, "--dry-run"]);
      const { preview, undo: rest } = await place.undo({ run });
      expect(preview.changes.find(({ path }) => path === "shop/users/1")).toMatchObject({
        of: "custom",
        kind: "changed",
        sentence: "row of users: name",
        diff: expect.stringMatching(/-name: agent again\n\+name: user '1'/),
        runs: expect.arrayContaining([expect.stringMatching(/^UPDATE .*users.* SET "name" = 'user ''1'''/)]),
      });
      expect([rest.status, rest.conflicts]).toEqual(["done", []]);
      expect(shown.status).toBe(0);
      for (const line of ["~ shop/users/1  row of users: name", "+name: user '1'", "+ shop/users/3", "runs INSERT INTO"])
        expect(shown.out).toContain(line);
      expect(await place.rows()).toEqual(before);
      await place.undo({ undo: rest.id });
      await place.undo({ undo: part.undo.id });
      expect(await place.rows()).toEqual(after);
    });
  },
);
