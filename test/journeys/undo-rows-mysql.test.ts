import { afterEach, beforeEach, expect, it } from "vitest";
import { otherChange, withTheirs } from "../../sdk/src/undo/database/churn.test.support.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { describeOnMysql } from "./undo/mysql-database.js";
import { MysqlShop } from "./undo/mysql-shop.js";

/** Generated changes of one run (issue 6). */
const changes = 200;
/** On a machine that does much else, in milliseconds. */
const longestMs = 20 * 60_000;

describeOnMysql("undo of rows in MySQL", (server) => {
  let shop: MysqlShop;
  beforeEach(async () => {
    shop = await MysqlShop.open(server);
  });
  afterEach(() => shop.close());

  it(
    `puts back every row after ${changes} generated changes, and again forwards`,
    async () => {
      const before = await shop.dump();
      const { done, refused } = await shop.workshop.churn(changes, seeded(21));
      expect([done > changes * 0.9, refused.filter((why) => !why.includes("refused it"))]).toEqual([true, []]);
      const after = await shop.dump();
      expect(after).not.toEqual(before);
      await shop.undo();
      expect(await shop.dump()).toEqual(before);
      expect(await shop.workshop.redo("u1", "u2")).toMatchObject({ conflicts: [], unverified: [] });
      expect(await shop.dump()).toEqual(after);
    },
    longestMs,
  );

  it(
    "keeps all that others write in between",
    async () => {
      const random = seeded(22);
      const users = () => shop.rows("SELECT id, name, email, balance, remark FROM users ORDER BY id");
      let expected = new Map((await users()).map((row) => [row["id"], row])) as Parameters<typeof withTheirs>[0];
      const { done } = await shop.workshop.churn(changes, random, async (step) => {
        const sql = otherChange(step, random);
        if ((await shop.change(sql)) > 0) expected = withTheirs(expected, sql);
      });
      expect(done).toBeGreaterThan(changes * 0.9);
      const { end, planned } = await shop.workshop.undo();
      expect([end.unverified, end.failure]).toEqual([[], undefined]);
      const isLeft = new Set(planned.conflicts.map(({ path }) => path));
      const there = (all: readonly Record<string, unknown>[]) => all.filter(({ id }) => !isLeft.has(`shop/users/${String(id)}`));
      expect(there(await users())).toEqual(there([...expected.values()].toSorted((one, other) => Number(one["id"]) - Number(other["id"]))));
      expect(isLeft.size).toBeLessThan(20);
    },
    longestMs,
  );

  it("puts values of every kind back as they were", async () => {
    await shop.client.query("SET sql_mode = 'ALLOW_INVALID_DATES'");
    await shop.client.query(
      "CREATE TABLE kinds (id VARBINARY(16) PRIMARY KEY, n BIGINT UNSIGNED, z INT(5) ZEROFILL, f FLOAT, d DOUBLE, c DECIMAL(40, 20), b BIT(64), y YEAR, da DATE, dt DATETIME(6), t TIME(3), ts TIMESTAMP NULL, e ENUM('a', 'it''s', ''), s SET('x', 'y'), j JSON, bl BLOB, tx TEXT, la VARCHAR(20) CHARACTER SET latin1, sj VARCHAR(20) CHARACTER SET sjis, g POINT, up VARCHAR(50) GENERATED ALWAYS AS (upper(tx)) STORED)",
    );
    const point = "ST_GeomFromText('POINT(1.5 -2)')";
    await shop.client.query(
      `INSERT INTO kinds (id, n, z, f, d, c, b, y, da, dt, t, ts, e, s, j, bl, tx, la, sj, g) VALUES
       (x'00FF27', 18446744073709551615, 42, 0.1, 0.1 + 0.2, 12345678901234567890.00000000000000000001, b'${"1".repeat(64)}', 0, '0000-00-00', '2024-02-29 12:00:00.123456', '-838:59:59.000', '2024-03-31 02:30:00', 'it''s', 'x,y', '{"a": [1, "é", 1.5]}', x'00275C0A', 'line\\nback\\\\slash ''quote'' "double" ❤', 'é€', x'93FA967B', ${point}),
       (x'', 0, 0, 1e-30, 1.7976931348623157e308, -0.5, 0, 2024, '2024-02-31', '0000-00-00 00:00:00', '00:00:00', NULL, '', '', NULL, x'', '', '', '', NULL)`,
    );
    const before = [await shop.dump(), await shop.rows("SELECT *, hex(sj) AS h, hex(bl) AS bh FROM kinds ORDER BY n")];
    await shop.act(
      "a1",
      "UPDATE kinds SET n = 1, z = 1, f = 2, d = 3, c = 4, b = 5, y = 2020, da = NULL, dt = NULL, t = NULL, ts = NULL, e = 'a', s = 'y', j = NULL, bl = NULL, tx = 'agent', la = 'x', sj = 'x', g = NULL WHERE n >= 0",
    );
    await shop.act("a2", "DELETE FROM kinds WHERE n = 1");
    await shop.undo();
    expect([await shop.dump(), await shop.rows("SELECT *, hex(sj) AS h, hex(bl) AS bh FROM kinds ORDER BY n")]).toEqual(before);
  });

  it("tries a statement under the modes and the time zone of the agent's own client", async () => {
    await shop.client.query("CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP NULL, word VARCHAR(40))");
    await shop.client.query("INSERT INTO log (word) VALUES ('first')");
    const before = await shop.dump();
    await shop.act("a1", "INSERT INTO log (id, at, word) VALUES (0, '2024-06-01 12:00:00', \"agent's \\\\ word\")");
    expect(await shop.rows("SELECT at, word FROM log WHERE id > 1")).toEqual([{ at: "2024-06-01 12:00:00", word: "agent's \\ word" }]);
    await shop.undo();
    expect(await shop.dump()).toEqual(before);
  });

  it("follows triggers that a rollback takes back, and cascades", async () => {
    await shop.client.query(
      "CREATE TRIGGER lower_email BEFORE UPDATE ON users FOR EACH ROW BEGIN DECLARE word VARCHAR(100); SET word = lower(NEW.email); IF word IS NOT NULL THEN SET NEW.email = word; END IF; END",
    );
    await shop.client.query(
      `CREATE TRIGGER cheaper AFTER UPDATE ON users FOR EACH ROW UPDATE ${shop.name}.prices SET amount = 7 WHERE year = 1981`,
    );
    const before = await shop.dump();
    await shop.act("a1", "UPDATE users SET email = concat('A', email) WHERE id < 4");
    expect(await shop.rows("SELECT email FROM users WHERE id = 1")).toEqual([{ email: "au1@example.com" }]);
    await shop.act("a2", "DELETE FROM users WHERE id = 3");
    expect(await shop.rows("SELECT id FROM orders WHERE user_id = 3")).toEqual([]);
    await shop.undo();
    expect(await shop.dump()).toEqual(before);
  });

  it("puts back a time that set itself, also where the clock stood still for the try", async () => {
    await shop.client.query("UPDATE users SET seen = '2024-01-01 00:00:00'");
    const before = await shop.dump();
    shop.meanwhile = async (sql, session) => {
      if (sql.startsWith("UPDATE users SET remark")) await session.query("SET timestamp = unix_timestamp('2024-01-01 00:00:00')");
    };
    await shop.act("a1", "UPDATE users SET remark = 'agent' WHERE id = 1");
    expect(await shop.rows("SELECT id FROM users WHERE id = 1 AND seen > '2026-01-01'")).toHaveLength(1);
    await shop.undo();
    expect(await shop.dump()).toEqual(before);
  });

  it("tells new rows with numbers of the database's own from others'", async () => {
    await shop.client.query(
      "CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, word VARCHAR(40))",
    );
    const insert = "INSERT INTO log (word) VALUES ('agent')";
    await shop.act("a1", insert, async () => {
      await shop.client.query("INSERT INTO log (word) VALUES ('person')");
      await shop.client.query(insert);
    });
    await shop.undo();
    expect(await shop.rows("SELECT word FROM log")).toEqual([{ word: "person" }]);
  });

  it("does not take for the run's what another changes between the look and the try", async () => {
    let isMeanwhile = 0;
    shop.meanwhile = async (sql) => {
      if (!sql.startsWith("UPDATE users SET name = 'agent'")) return;
      isMeanwhile += 1;
      await shop.client.query("UPDATE users SET remark = 'person' WHERE id = 1");
      await shop.client.query("INSERT INTO users (id, name) VALUES (7000, 'person')");
    };
    await shop.act("a1", "UPDATE users SET name = 'agent' WHERE id IN (1, 7000)");
    expect(isMeanwhile).toBe(1);
    await shop.undo();
    expect(await shop.rows("SELECT name, remark FROM users WHERE id IN (1, 7000) ORDER BY id")).toEqual([
      { name: "user '1'", remark: "person" },
      { name: "person", remark: null },
    ]);
  });

  it("does not take another's change of the same moment for the run's", async () => {
    await shop.act("a1", "UPDATE users SET name = 'agent' WHERE id = 1", async () => {
      await shop.client.query("UPDATE users SET remark = 'person' WHERE id = 1");
      await shop.client.query("UPDATE users SET name = 'agent' WHERE id = 1");
    });
    await shop.undo();
    expect(await shop.rows("SELECT name, remark FROM users WHERE id = 1")).toEqual([{ name: "user '1'", remark: "person" }]);
  });
});
