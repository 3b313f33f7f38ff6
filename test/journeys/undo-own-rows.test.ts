import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UndoPreview } from "@pullcord/sdk/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { change, otherChange, shopRows, shopTables } from "../../sdk/src/undo/database/churn.test.support.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { pullcord } from "./cli/command.js";
import { dialects, type Shop } from "./undo/own-shop.js";
import { killed, Program, startOwnServer, type OwnServer, type Telling } from "./undo/programs.js";

/** Generated changes of one run (issue 6). */
const changes = 200;
/** Longest that so many may take on a machine that many share, in milliseconds. */
const longestMs = 15 * 60_000;
const patience = { timeout: 60_000, interval: 50 };
const modes = ["same-user", "remote"] as const;

describe.each(dialects.flatMap(({ dialect, open }) => modes.map((mode) => [dialect, mode, open] as const)))(
  "rows that a program changes by itself in %s, of a server in mode %s",
  (dialect, mode, open) => {
    let folder: string;
    let server: OwnServer;
    let shop: Shop;
    let programs: Program[];
    beforeEach(async () => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-own-")));
      writeFileSync(join(folder, "policy.yaml"), "version: 1\nrules:\n  - { id: all, effect: allow, when: { type: [config_change] } }\n");
      programs = [];
      shop = await open(folder);
      for (const sql of [...shopTables, ...shopRows()]) await shop.run(sql);
      server = await startOwnServer({ dataFolder: folder, mode, agents: ["till"] });
    });
    afterEach(async () => {
      for (const program of programs) await killed(program.process);
      await killed(server.process);
      await shop.drop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Changes of rows alone, a transaction each. */
    const generated = (random: () => number): string[][] => {
      const works: string[][] = [];
      for (let step = 0; works.length < changes; step++) {
        const statements = change(step, random);
        if (statements.every(({ inverse }) => inverse === undefined)) works.push(statements.map(({ text }) => text));
      }
      return works;
    };
    const token = () => server.tokens["till"] ?? "";
    function program(telling: Partial<Telling> = {}): Program {
      const made = new Program({ url: server.url, token: token(), ...shop.told, ...telling });
      programs.push(made);
      return made;
    }
    const dump = async () => Promise.all(["users", "orders", "prices"].map((table) => shop.rows(table)));
    /** Once the program has been heard of. */
    const previewOf = (scope: { run?: string; undo?: string; only?: string[] }): Promise<UndoPreview> =>
      vi.waitFor(async () => {
        const preview = await server.person.previewUndo(scope);
        expect(preview.conflicts.filter(({ sentence }) => sentence.startsWith("Waits for"))).toEqual([]);
        return preview;
      }, patience);
    async function undo(scope: Parameters<typeof previewOf>[0]) {
      const preview = await previewOf(scope);
      return { preview, undo: await server.person.undo({ ...scope, digest: preview.digest }) };
    }

    // The long ones in one mode of each.
    const isLong = (mode === "remote") === (dialect !== "SQLite");
    it.runIf(isLong)(
      `go back to the same contents after ${changes} generated changes, and forwards again`,
      async () => {
        const before = await dump();
        const seller = program({ works: generated(seeded(51)) });
        const run = (await seller.hears("finished")) as string;
        expect(seller.said.filter((said) => "failed" in said)).toEqual([]);
        const after = await dump();
        expect(after).not.toEqual(before);
        const { undo: back } = await undo({ run });
        expect([back.status, back.conflicts, back.unverified]).toEqual(["done", [], []]);
        expect(await dump()).toEqual(before);
        const { undo: redo } = await undo({ undo: back.id });
        expect([redo.kind, redo.status, redo.conflicts, redo.unverified]).toEqual(["redo", "done", [], []]);
        expect(await dump()).toEqual(after);
      },
      longestMs,
    );

    it.runIf(isLong)(
      "go back beside what others write meanwhile, which stays",
      async () => {
        const random = seeded(52);
        const before = await dump();
        const users = new Map(before[0]?.map((row) => [Number(row["id"]), row]));
        const prices = new Map<number, number>();
        const seller = program({ works: generated(random) });
        await seller.hears("done");
        for (let step = 0; step < changes / 2; step++) {
          const sql = otherChange(step, random);
          const isDone = (await shop.run(sql)) > 0;
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
        const { undo: back } = await undo({ run });
        expect([back.status, back.conflicts, back.unverified]).toEqual(["done", [], []]);
        const [, orders] = before;
        const [usersNow, ordersNow, pricesNow] = await dump();
        expect(usersNow).toEqual([...users.values()].toSorted((one, other) => Number(one["id"]) - Number(other["id"])));
        expect(ordersNow).toEqual(orders);
        const theirs = pricesNow?.filter(({ country }) => country === "theirs") ?? [];
        expect(theirs.map(({ year, amount }) => [Number(year), Number(amount)])).toEqual([...prices]);
        expect(pricesNow?.filter(({ country }) => country !== "theirs")).toEqual(before[2]);
      },
      longestMs,
    );

    it("go back to the same contents, shown before row by row, in part where that is wanted, and forwards again", async () => {
      const before = await dump();
      const works = [
        ["UPDATE users SET name = 'agent' WHERE id = 1", "UPDATE orders SET total = 0 WHERE id = 7"],
        ["UPDATE users SET name = 'agent again' WHERE id = 1"],
        ["DELETE FROM users WHERE id = 3"],
      ];
      const run = (await program({ works }).hears("finished")) as string;
      const after = await dump();
      const { changes: made } = await server.person.changesOf(run);
      expect(made.map(({ of, path }) => [of, path])).toContainEqual(["custom", "shop/users/1"]);
      // Orders of a user that is gone have to wait for the user.
      const part = await undo({ run, only: ["shop/orders"] });
      expect(part.preview.changes.map(({ path }) => path)).toEqual(["shop/orders/7"]);
      expect(part.undo.restored).toEqual(["shop/orders/7"]);
      expect(part.undo.conflicts.map(({ path, sentence }) => [path.slice(0, 12), /foreign key/i.test(sentence)])).toContainEqual([
        "shop/orders/",
        true,
      ]);
      writeFileSync(join(folder, "credentials.json"), JSON.stringify({ server: server.url, token: server.owner }));
      const shown = await pullcord(folder, ["undo", run, "--dry-run"]);
      const { preview, undo: rest } = await undo({ run });
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
      expect(await dump()).toEqual(before);
      await undo({ undo: rest.id });
      await undo({ undo: part.undo.id });
      expect(await dump()).toEqual(after);
    });
  },
);
