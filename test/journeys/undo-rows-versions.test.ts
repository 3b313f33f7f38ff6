import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { statement, type RowsWorkshop } from "../../sdk/src/undo/database/rows-workshop.test.support.js";
import { postgresServers } from "./undo/postgres-database.js";
import { PostgresShop } from "./undo/postgres-shop.js";

// What a trial reads off the versions that PostgreSQL keeps of rows, in every way that a version comes about.
describe.skipIf(postgresServers.length === 0).each(postgresServers.map((url, index) => [index + 1, url] as const))(
  "versions of rows in PostgreSQL %i",
  (_index, server) => {
    let at: PostgresShop;
    let client: pg.Client;
    let shop: RowsWorkshop;
    beforeEach(async () => {
      at = await PostgresShop.open(server);
      ({ client, workshop: shop } = at);
    });
    afterEach(() => at.close());

    const long = "(SELECT string_agg(md5(x::text), '') FROM generate_series(1, 400) x)";
    const inParts = [
      "CREATE TABLE parts (id int, region text, n int, PRIMARY KEY (id, region)) PARTITION BY LIST (region)",
      "CREATE TABLE parts_de PARTITION OF parts FOR VALUES IN ('de')",
      "CREATE TABLE parts_fr PARTITION OF parts FOR VALUES IN ('fr')",
      "INSERT INTO parts SELECT x, CASE WHEN x % 2 = 0 THEN 'de' ELSE 'fr' END, x FROM generate_series(1, 50) x",
    ];
    const looseInParts = [
      "CREATE TABLE loose (region text, n int) PARTITION BY LIST (region)",
      "CREATE TABLE loose_de PARTITION OF loose FOR VALUES IN ('de')",
      "CREATE TABLE loose_fr PARTITION OF loose FOR VALUES IN ('fr')",
      "INSERT INTO loose VALUES ('de', 1), ('de', 1), ('fr', 1), ('fr', 2)",
    ];
    const handler =
      "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN BEGIN INSERT INTO prices VALUES ('tell', new.id, 1); RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN INSERT INTO prices VALUES ('handled', new.id, 1); END; RETURN new; END $$";

    it.each<[string, string[], string[][]]>([
      [
        "a row that is changed again and again",
        [],
        [
          ["users", "UPDATE users SET balance = 1 WHERE id = 3"],
          ["users", "UPDATE users SET balance = 2 WHERE id = 3"],
          ["users", "DELETE FROM users WHERE id = 3"],
        ],
      ],
      [
        "rows that come and go within it",
        [],
        [
          ["prices", "INSERT INTO prices VALUES ('xx', 1, 1), ('xx', 2, 2)"],
          ["prices", "DELETE FROM prices WHERE country = 'xx' AND year = 1"],
        ],
      ],
      [
        "keys that move over each other",
        [],
        [
          ["prices", "UPDATE prices SET year = year + 1000"],
          ["prices", "UPDATE prices SET year = year - 999"],
        ],
      ],
      [
        "handlers of exceptions, whose work has numbers of its own",
        [handler, "CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION tell()"],
        [["users", "UPDATE users SET balance = 1 WHERE id < 6"]],
      ],
      [
        "values that are kept outside of the row",
        [`UPDATE users SET remark = ${long}`],
        [
          ["users", "UPDATE users SET balance = 9 WHERE id < 9"],
          ["users", `UPDATE users SET remark = ${long} || 'x' WHERE id = 4`],
        ],
      ],
      [
        "parts of a table, and a row that moves to another",
        inParts,
        [
          ["parts", "UPDATE parts SET n = 0 WHERE id < 5"],
          ["parts", "UPDATE parts SET region = 'de' WHERE id = 7"],
          ["parts", "DELETE FROM parts WHERE id = 8"],
        ],
      ],
      [
        "parts of a table without a key",
        looseInParts,
        [
          ["loose", "DELETE FROM loose WHERE n = 1"],
          ["loose", "INSERT INTO loose VALUES ('de', 9), ('fr', 9), ('fr', 9)"],
        ],
      ],
      [
        "a table that is emptied",
        ["CREATE TABLE few AS SELECT * FROM prices", "ALTER TABLE few ADD PRIMARY KEY (country, year)"],
        [
          ["few", "TRUNCATE few"],
          ["few", "INSERT INTO few VALUES ('new', 1, 1)"],
        ],
      ],
      [
        "what waits for the end of a transaction",
        [
          "CREATE TABLE later (id int PRIMARY KEY, word text)",
          "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO later VALUES (new.id, new.name); RETURN new; END $$",
          "CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION later()",
        ],
        [["users", "UPDATE users SET name = 'agent' WHERE id < 4"]],
      ],
    ])("are found: %s", async (_name, made, texts) => {
      for (const sql of made) await client.query(sql);
      const before = await at.dump();
      await shop.act(
        "a1",
        texts.map(([table = "", text = ""]) => statement(text, table)),
      );
      const after = await at.dump();
      expect(after).not.toEqual(before);
      const { end } = await shop.undo();
      expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
      expect(await at.dump()).toEqual(before);
      expect(await shop.redo("u1", "u2")).toMatchObject({ conflicts: [], unverified: [] });
      expect(await at.dump()).toEqual(after);
    });

    it("are told from others' locks and writes of the same moment", async () => {
      const before = await at.dump();
      const other = await at.connect();
      try {
        // Holds every user's row together with the trial, and writes rows of its own meanwhile.
        await other.query("BEGIN");
        await other.query("SELECT 1 FROM users FOR KEY SHARE");
        await other.query("INSERT INTO prices VALUES ('other', 1, 1)");
        await other.query("UPDATE prices SET amount = amount WHERE country = 'fr'");
        const update = "UPDATE users SET balance = 0 WHERE id < 8";
        await shop.act("a1", [statement(update, "users"), statement("INSERT INTO prices VALUES ('agent', 1, 1)", "prices")]);
        await other.query("ROLLBACK");
      } finally {
        await other.end();
      }
      const { planned, end } = await shop.undo();
      expect(planned.changes.length).toBe(8);
      expect(end).toMatchObject({ conflicts: [], unverified: [] });
      expect(await at.dump()).toEqual(before);
    });

    it("that row security hides are an error, not a miss", async () => {
      await client.query("CREATE TABLE secrets (id int PRIMARY KEY, owner text); INSERT INTO secrets VALUES (1, 'a'), (2, 'b')");
      await client.query("ALTER TABLE secrets ENABLE ROW LEVEL SECURITY; ALTER TABLE secrets FORCE ROW LEVEL SECURITY");
      await client.query("CREATE POLICY own ON secrets USING (owner = 'a')");
      const role = `clerk_${process.pid}_${Date.now()}`;
      await client.query(
        `CREATE ROLE ${role}; GRANT ALL ON secrets TO ${role}; ALTER DATABASE ${String((await at.rows("SELECT current_database() AS name"))[0]?.["name"])} SET role = ${role}`,
      );
      const refusal = { reason: "rows_not_kept", message: expect.stringMatching(/row-level security/) };
      await expect(shop.act("a1", [statement("UPDATE secrets SET owner = 'a'", "secrets")])).rejects.toMatchObject(refusal);
      await client.query(`REVOKE ALL ON secrets FROM ${role}; DROP POLICY own ON secrets`);
      await client.query(
        `ALTER DATABASE ${String((await at.rows("SELECT current_database() AS name"))[0]?.["name"])} RESET role; DROP ROLE ${role}`,
      );
    });
  },
);
