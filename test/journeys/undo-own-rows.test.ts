import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { change, otherChange } from "../../sdk/src/undo/database/churn.test.support.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { pullcord } from "./cli/command.js";
import { OwnWorkshop } from "./undo/own-workshop.js";
import { dialects } from "./undo/own-shop.js";

/** Generated changes of one run (issue 6). */
const changes = 200;
/** Longest that so many may take on a machine that many share, in milliseconds. */
const longestMs = 15 * 60_000;
const modes = ["same-user", "remote"] as const;

describe.each(dialects.flatMap(({ dialect, open }) => modes.map((mode) => [dialect, mode, open] as const)))(
  "rows that a program changes by itself in %s, of a server in mode %s",
  (dialect, mode, open) => {
    let workshop: OwnWorkshop;
    beforeEach(async () => {
      workshop = await OwnWorkshop.open(open, mode);
    });
    afterEach(() => workshop.close());

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
        const before = await workshop.rows();
        const seller = workshop.program({ works: generated(seeded(51)) });
        const run = (await seller.hears("finished")) as string;
        expect(seller.said.filter((said) => "failed" in said)).toEqual([]);
        const after = await workshop.rows();
        expect(after).not.toEqual(before);
        const { undo: back } = await workshop.undo({ run });
        expect([back.status, back.conflicts, back.unverified]).toEqual(["done", [], []]);
        expect(await workshop.rows()).toEqual(before);
        const { undo: redo } = await workshop.undo({ undo: back.id });
        expect([redo.kind, redo.status, redo.conflicts, redo.unverified]).toEqual(["redo", "done", [], []]);
        expect(await workshop.rows()).toEqual(after);
      },
      longestMs,
    );

    it.runIf(isLong)(
      "go back beside what others write meanwhile, which stays",
      async () => {
        const random = seeded(52);
        const before = await workshop.rows();
        const users = new Map(before[0]?.map((row) => [Number(row["id"]), row]));
        const prices = new Map<number, number>();
        const seller = workshop.program({ works: generated(random) });
        await seller.hears("done");
        for (let step = 0; step < changes / 2; step++) {
          const sql = otherChange(step, random);
          const isDone = (await workshop.shop.run(sql)) > 0;
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
        const { undo: back } = await workshop.undo({ run });
        expect([back.status, back.conflicts, back.unverified]).toEqual(["done", [], []]);
        const [, orders] = before;
        const [usersNow, ordersNow, pricesNow] = await workshop.rows();
        expect(usersNow).toEqual([...users.values()].toSorted((one, other) => Number(one["id"]) - Number(other["id"])));
        expect(ordersNow).toEqual(orders);
        const theirs = pricesNow?.filter(({ country }) => country === "theirs") ?? [];
        expect(theirs.map(({ year, amount }) => [Number(year), Number(amount)])).toEqual([...prices]);
        expect(pricesNow?.filter(({ country }) => country !== "theirs")).toEqual(before[2]);
      },
      longestMs,
    );

    it("go back to the same contents, shown before row by row, in part where that is wanted, and forwards again", async () => {
      const before = await workshop.rows();
      const works = [
        ["UPDATE users SET name = 'agent' WHERE id = 1", "UPDATE orders SET total = 0 WHERE id = 7"],
        ["UPDATE users SET name = 'agent again' WHERE id = 1"],
        ["DELETE FROM users WHERE id = 3"],
      ];
      const run = (await workshop.program({ works }).hears("finished")) as string;
      const after = await workshop.rows();
      const { changes: made } = await workshop.server.person.changesOf(run);
      expect(made.map(({ of, path }) => [of, path])).toContainEqual(["custom", "shop/users/1"]);
      // Orders of a user that is gone have to wait for the user.
      const part = await workshop.undo({ run, only: ["shop/orders"] });
      expect(part.preview.changes.map(({ path }) => path)).toEqual(["shop/orders/7"]);
      expect(part.undo.restored).toEqual(["shop/orders/7"]);
      expect(part.undo.conflicts.map(({ path, sentence }) => [path.slice(0, 12), /foreign key/i.test(sentence)])).toContainEqual([
        "shop/orders/",
        true,
      ]);
      writeFileSync(
        join(workshop.folder, "credentials.json"),
        JSON.stringify({ server: workshop.server.url, token: workshop.server.owner }),
      );
      const shown = await pullcord(workshop.folder, ["undo", run, "--dry-run"]);
      const { preview, undo: rest } = await workshop.undo({ run });
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
      expect(await workshop.rows()).toEqual(before);
      await workshop.undo({ undo: rest.id });
      await workshop.undo({ undo: part.undo.id });
      expect(await workshop.rows()).toEqual(after);
    });
  },
);
