import { existsSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { otherChange, warehouse, withTheirs } from "../../sdk/src/undo/database/churn.test.support.js";
import { statement, type RowsWorkshop } from "../../sdk/src/undo/database/rows-workshop.test.support.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { postgresServers } from "./undo/postgres-database.js";
import { PostgresShop } from "./undo/postgres-shop.js";

/** Generated changes of one run (issue 6). */
const changes = 200;
/** How long so many may take on a busy machine, in milliseconds. */
const longestMs = 20 * 60_000;

describe.skipIf(postgresServers.length === 0).each(postgresServers.map((url, index) => [index + 1, url] as const))(
  "undo of rows in PostgreSQL %i",
  (_index, server) => {
    let at: PostgresShop;
    let client: pg.Client;
    let shop: RowsWorkshop;
    beforeEach(async () => {
      at = await PostgresShop.open(server);
      ({ client, workshop: shop } = at);
    });
    afterEach(() => at.close());

    const rows = (sql: string) => at.rows(sql);
    const dump = () => at.dump();

    it(
      `puts back every row, table and index after ${changes} generated changes, and again forwards`,
      async () => {
        for (const sql of warehouse) await client.query(sql);
        const before = await dump();
        const { done, refused } = await shop.churn(changes, seeded(21));
        expect([done > changes * 0.9, refused.filter((why) => !why.includes("refused it"))]).toEqual([true, []]);
        const after = await dump();
        expect(after).not.toEqual(before);
        const { end } = await shop.undo();
        expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
        expect(await dump()).toEqual(before);
        expect(await shop.redo("u1", "u2")).toMatchObject({ conflicts: [], unverified: [] });
        expect(await dump()).toEqual(after);
      },
      longestMs,
    );

    it(
      "keeps all that others write in between",
      async () => {
        for (const sql of warehouse) await client.query(sql);
        const random = seeded(22);
        const users = () => rows("SELECT id, name, email, balance, remark FROM users ORDER BY id");
        let expected = new Map((await users()).map((row) => [row["id"], row])) as Parameters<typeof withTheirs>[0];
        const { done } = await shop.churn(changes, random, async (step) => {
          const sql = otherChange(step, random);
          const { rowCount } = await client.query(sql);
          if (rowCount) expected = withTheirs(expected, sql);
        });
        expect(done).toBeGreaterThan(changes * 0.9);
        const { end, planned } = await shop.undo();
        expect([end.unverified, end.failure]).toEqual([[], undefined]);
        const isLeft = new Set(planned.conflicts.map(({ path }) => path));
        const there = (all: Record<string, unknown>[]) => all.filter(({ id }) => !isLeft.has(`shop/users/${String(id)}`));
        expect(there(await users())).toEqual(
          there([...expected.values()].toSorted((one, other) => Number(one["id"]) - Number(other["id"]))),
        );
        expect(isLeft.size).toBeLessThan(20);
      },
      longestMs,
    );

    it("puts values of every kind back as they were", async () => {
      await client.query(
        `CREATE TABLE kinds (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), n bigint GENERATED ALWAYS AS IDENTITY, f float8, d numeric, t timestamptz, i interval, j jsonb, x bytea, a text[], r int4range, b boolean, c char(4), s text, g text GENERATED ALWAYS AS (upper(s)) STORED)`,
      );
      await client.query(
        `INSERT INTO kinds (f, d, t, i, j, x, a, r, b, c, s) VALUES (0.1::float8 + 0.2, 1e-30, '2024-02-29 12:00:00.123456+05', '1 mon 2 days 00:00:03.5', '{"a": [1, "\\u00e9"]}', '\\x00ff', ARRAY['a''b', NULL, 'c\\d'], '[1,5)', true, 'ab', E'line\\nback\\\\slash ''quote'''), (NULL, 'NaN', 'infinity', NULL, NULL, NULL, '{}', 'empty', NULL, NULL, NULL)`,
      );
      const before = await rows("SELECT k::text AS row FROM kinds k ORDER BY n");
      await shop.act("a1", [
        {
          text: "UPDATE kinds SET f = 1, d = 2, t = now(), i = '1 hour', j = '{}', x = '\\x01', a = '{z}', r = '[2,3)', b = false, c = 'zz', s = 'agent'",
          tables: ["kinds"],
        },
      ]);
      await shop.act("a2", [statement("DELETE FROM kinds", "kinds")]);
      const { end } = await shop.undo();
      expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
      expect(await rows("SELECT k::text AS row FROM kinds k ORDER BY n")).toEqual(before);
    });

    it("follows triggers, functions and cascades, and takes back what they did", async () => {
      await client.query("CREATE TABLE history (n serial PRIMARY KEY, word text)");
      await client.query("ALTER TABLE users ADD COLUMN seen timestamptz");
      await client.query(
        "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO history (word) VALUES (old.name); new.seen := clock_timestamp(); RETURN new; END $$",
      );
      await client.query("CREATE TRIGGER tell BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION tell()");
      const before = await dump();
      await shop.act("a1", [statement("UPDATE users SET name = 'agent' WHERE id < 4", "users")]);
      await shop.act("a2", [statement("DELETE FROM users WHERE id = 3", "users")]);
      expect((await rows("SELECT * FROM orders WHERE user_id = 3")).length).toBe(0);
      const { end } = await shop.undo();
      expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
      expect(await dump()).toEqual(before);
    });

    it("tells new rows with numbers of the database's own from others'", async () => {
      await client.query("CREATE TABLE log (id serial PRIMARY KEY, at timestamptz DEFAULT now(), word text)");
      const insert = "INSERT INTO log (word) VALUES ('agent')";
      await shop.act("a1", [statement(insert, "log")], async () => {
        await client.query("INSERT INTO log (word) VALUES ('person')");
        await client.query(insert);
      });
      await shop.undo();
      expect(await rows("SELECT word FROM log")).toEqual([{ word: "person" }]);
    });

    it("counts rows that nothing tells apart: as many come and go as the run's, and no more", async () => {
      await client.query("CREATE TABLE loose (word text, n int, extra json)");
      await client.query("INSERT INTO loose VALUES ('a', 1, '{}'), ('a', 1, '{}'), ('b', NULL, NULL), ('c', 3, NULL)");
      const loose = () => rows("SELECT l::text AS row FROM loose l ORDER BY 1");
      await shop.act("a1", [statement("DELETE FROM loose WHERE word = 'a'", "loose")]);
      await shop.act("a2", [statement("INSERT INTO loose VALUES ('d', 4), ('d', 4), ('e', 5)", "loose")]);
      await shop.act("a3", [statement("UPDATE loose SET n = 9 WHERE word = 'b'", "loose")]);
      // Somebody has one more that looks the same, and takes another away.
      await client.query("INSERT INTO loose VALUES ('d', 4); DELETE FROM loose WHERE word = 'e'");
      const { planned, end } = await shop.undo();
      expect(planned.conflicts).toEqual([
        { of: "database", path: "shop/loose/e,5,NULL", sentence: "Somebody changed or removed it since." },
      ]);
      expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
      expect(await loose()).toEqual(["(a,1,{})", "(a,1,{})", "(b,,)", "(c,3,)", "(d,4,)"].map((row) => ({ row })));
    });

    describe("what a trial would set off outside of the database", () => {
      const trigger = (body: string, table = "users") => [
        `CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ ${body} $$`,
        `CREATE TRIGGER act AFTER UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION act()`,
      ];
      const marked = () => join(at.folder, "acted");
      const update = statement("UPDATE users SET name = 'agent' WHERE id = 1", "users");
      const moved = statement("UPDATE users SET id = 1000 WHERE id = 1", "users");

      it.each([
        ["a program", () => trigger(`BEGIN COPY (SELECT 1) TO PROGRAM 'touch ${marked()}'; RETURN new; END`), /the function act/],
        [
          "a program in text that becomes SQL",
          () => trigger(`BEGIN EXECUTE 'CO' || 'PY (SELECT 1) TO PROG' || 'RAM ''touch ${marked()}'''; RETURN new; END`),
          /makes its SQL as it runs/,
        ],
        ["a file", () => trigger(`BEGIN PERFORM lo_export(lo_from_bytea(0, 'x'), '${marked()}'); RETURN new; END`), /the function act/],
        ["a lock that outlasts it", () => trigger("BEGIN PERFORM pg_advisory_lock(1); RETURN new; END"), /the function act/],
        [
          "a function of a function, by a default of a table that a trigger fills",
          () => [
            "CREATE FUNCTION deep() RETURNS int LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO PROGRAM 'true'; RETURN 1; END $$",
            "CREATE FUNCTION over() RETURNS int LANGUAGE sql AS 'SELECT deep()'",
            "CREATE TABLE history (word text, n int DEFAULT over())",
            ...trigger("BEGIN INSERT INTO history (word) VALUES ('x'); RETURN new; END"),
          ],
          /the function deep/,
        ],
        ["a trigger that a cascade reaches", () => trigger("BEGIN COPY (SELECT 1) TO PROGRAM 'true'; RETURN new; END", "orders"), /act/],
        [
          "a function in a language that may do anything",
          () => [
            "CREATE FUNCTION away(internal) RETURNS void LANGUAGE c AS '$libdir/tsm_system_rows', 'tsm_system_rows_handler'",
            ...trigger("BEGIN PERFORM away(NULL); RETURN new; END"),
          ],
          /away, in a language/,
        ],
      ])("is not tried: %s", async (_name, made, reason) => {
        for (const sql of made()) await client.query(sql);
        for (const one of [update, moved]) {
          await expect(shop.act("a1", [one])).rejects.toMatchObject({ reason: "rows_not_kept", message: expect.stringMatching(reason) });
        }
        expect(existsSync(marked())).toBe(false);
        // What does not lead there is tried all the same.
        await shop.act("a2", [statement("UPDATE prices SET amount = 0 WHERE country = 'de'", "prices")]);
      });

      it.each([
        ["one that was parsed as it was made", "UPDATE users SET name = parsed()::text WHERE id = 1"],
        ["what an aggregate is made of", "UPDATE users SET name = (SELECT summed(id)::text FROM orders) WHERE id = 1"],
        ["an operator's", "UPDATE users SET name = (1 <+> 2)::text WHERE id = 1"],
        ["a cast's", "UPDATE users SET name = 'x'::word::int::text WHERE id = 1"],
        ["a domain's check", "UPDATE users SET name = (1::checked)::text WHERE id = 1"],
        ["between what seems to be one text, by an escape", `UPDATE users SET name = E'\\'' || acts(1, 2) || 'x' WHERE id = 1`],
        [
          "between apostrophes of names",
          `UPDATE users SET name = (SELECT a."it's" || acts(1, 2) || b."it's" FROM named a, named b) WHERE id = 1`,
        ],
        ["behind one of a comment", "UPDATE users SET name = /* it's */ acts(1, 2)::text || 'x' WHERE id = 1"],
        ["a name that is no word", `UPDATE users SET name = "acts-too"()::text WHERE id = 1`],
        ["a name in escapes", `UPDATE users SET name = U&"act\\0073"(1, 2)::text WHERE id = 1`],
      ])("is not tried: a function that is %s", async (_name, sql) => {
        await client.query(`
          CREATE FUNCTION acts(int, int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO PROGRAM 'touch ${marked()}'; RETURN 1; END $$;
          CREATE FUNCTION "acts-too"() RETURNS int LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO PROGRAM 'touch ${marked()}'; RETURN 1; END $$;
          CREATE FUNCTION parsed() RETURNS int BEGIN ATOMIC; SELECT lo_export(lo_from_bytea(0, 'x'), '${marked()}'); END;
          CREATE AGGREGATE summed(int) (sfunc = acts, stype = int, initcond = '0');
          CREATE OPERATOR <+> (leftarg = int, rightarg = int, function = acts);
          CREATE TYPE word AS ENUM ('x');
          CREATE FUNCTION cast_word(word) RETURNS int LANGUAGE sql AS 'SELECT acts(1, 2)';
          CREATE CAST (word AS int) WITH FUNCTION cast_word(word);
          CREATE DOMAIN checked AS int CHECK (acts(value, 1) = 1);
          CREATE TABLE named ("it's" text);`);
        await expect(shop.act("a1", [statement(sql, "users")])).rejects.toMatchObject({
          message: expect.stringMatching(/might act outside of the database/),
        });
        expect(existsSync(marked())).toBe(false);
      });

      it("is not tried: a foreign table, behind a view", async () => {
        await client.query("CREATE FOREIGN DATA WRAPPER away; CREATE SERVER far FOREIGN DATA WRAPPER away");
        await client.query("CREATE FOREIGN TABLE there (id int) SERVER far; CREATE VIEW near AS SELECT id FROM there");
        const refusal = { reason: "rows_not_kept", message: expect.stringMatching(/the foreign table there/) };
        await expect(shop.act("a1", [statement("INSERT INTO near VALUES (1)", "near")])).rejects.toMatchObject(refusal);
      });

      it("is nothing where triggers stay within: notices, numbers, tables", async () => {
        await client.query("CREATE TABLE history (n serial PRIMARY KEY, word text)");
        for (const sql of trigger("BEGIN INSERT INTO history (word) VALUES (old.name); PERFORM pg_notify('x', 'y'); RETURN new; END")) {
          await client.query(sql);
        }
        const before = await dump();
        await shop.act("a1", [update]);
        expect((await shop.undo()).end).toMatchObject({ conflicts: [], unverified: [] });
        expect(await dump()).toEqual(before);
      });
    });
  },
);
