import { randomBytes } from "node:crypto";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { MysqlClient } from "@pullcord/sdk/undo";
import { changeInMysql, otherChange, shopRows, shopTablesInMysql, withTheirs } from "../../sdk/src/undo/database/churn.test.support.js";
import { RowsWorkshop } from "../../sdk/src/undo/database/rows-workshop.test.support.js";
import type { Statement } from "../../sdk/src/undo/database/try-out.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { Findings } from "../../server/src/domain/risk/findings.js";
import { noteSql, prepareReading } from "../../server/src/domain/risk/sql.js";
import { Connections } from "../../server/src/snapshots/connections.js";
import { connectMysql } from "../../server/src/snapshots/mysql-driver.js";

/** Generated changes of one run (issue 6). */
const changes = 200;
const server = process.env["PULLCORD_TEST_MYSQL_URL"];

/** As judgment reads them, each with the tables that it names. @throws where one of them could not be tried */
function read(sql: string): Statement[] {
  const findings = new Findings();
  noteSql(sql, { name: "shop", production: false, dialect: "mysql" }, findings);
  return findings.statements.map(({ text, wayBack }) => {
    if (text === undefined || wayBack?.kind !== "rows") throw new Error(`This has no way back: ${sql}`);
    return { text, tables: wayBack.tables, reads: wayBack.reads ?? [] };
  });
}

describe.skipIf(!server)("undo of rows in MySQL", () => {
  let url: URL;
  let client: mysql.Connection;
  let folder: string;
  let shop: RowsWorkshop;
  /** What somebody else does right before one of our statements reaches the server. */
  let meanwhile: (sql: string, session: MysqlClient) => Promise<void>;
  beforeAll(prepareReading);
  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "pullcord-rows-")));
    url = new URL(server ?? "");
    url.pathname = `/rows_${randomBytes(6).toString("hex")}`;
    await asOwner(`CREATE DATABASE ${url.pathname.slice(1)} CHARACTER SET utf8mb4`);
    client = await mysql.createConnection({ uri: url.href, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true });
    for (const sql of [...shopTablesInMysql, ...shopRows()]) await client.query(sql);
    meanwhile = () => Promise.resolve();
    shop = new RowsWorkshop({
      folder,
      connect: { mysql: connect, postgres: () => Promise.reject(new Error("There is none.")) },
      place: { dialect: "mysql", name: "shop" },
      shown: "shop",
      change: (step, random) => read(changeInMysql(step, random)),
      run: query,
    });
  });
  afterEach(async () => {
    await client.end();
    await asOwner(`DROP DATABASE ${url.pathname.slice(1)}`);
    rmSync(folder, { recursive: true, force: true });
  });

  async function asOwner(sql: string): Promise<void> {
    const owner = await mysql.createConnection(server ?? "");
    await owner.query(sql);
    await owner.end();
  }

  async function connect(): Promise<MysqlClient> {
    const made = await connectMysql(url);
    return {
      ...made,
      query: async (sql) => {
        await meanwhile(sql, made);
        return made.query(sql);
      },
    };
  }

  async function query(sql: string) {
    const [result] = await client.query(sql);
    const rows = Array.isArray(result) ? (result as Record<string, unknown>[]) : [];
    return { rows, changed: Array.isArray(result) ? 0 : result.affectedRows };
  }
  const rows = async (sql: string) => (await query(sql)).rows;
  /** What each table was made with but for its counter, which goes on, and the server's own sum over its rows. */
  const dump = async () => {
    const found = [];
    for (const row of await rows("SHOW TABLES")) {
      const table = String(Object.values(row)[0]);
      const [made] = await rows(`SHOW CREATE TABLE \`${table}\``);
      const [sum] = await rows(`CHECKSUM TABLE \`${table}\``);
      found.push([table, String(Object.values(made ?? {})[1]).replace(/ AUTO_INCREMENT=\d+/, ""), Object.values(sum ?? {})[1]]);
    }
    return found;
  };
  const act = (id: string, sql: string, work?: () => Promise<void>) => shop.act(id, read(sql), work);
  const undone = async () => {
    const { end } = await shop.undo();
    expect([end.conflicts, end.unverified, end.failure]).toEqual([[], [], undefined]);
  };
  /** Why it is not kept. */
  const refusalOf = async (sql: string): Promise<unknown> => {
    const failure: unknown = await act("a1", sql).catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: "rows_not_kept" });
    return (failure as { message?: unknown }).message;
  };

  it(`puts back every row after ${changes} generated changes, and again forwards`, async () => {
    const before = await dump();
    const { done, refused } = await shop.churn(changes, seeded(21));
    expect([done > changes * 0.9, refused.filter((why) => !why.includes("refused it"))]).toEqual([true, []]);
    const after = await dump();
    expect(after).not.toEqual(before);
    await undone();
    expect(await dump()).toEqual(before);
    expect(await shop.redo("u1", "u2")).toMatchObject({ conflicts: [], unverified: [] });
    expect(await dump()).toEqual(after);
  });

  it("keeps all that others write in between", async () => {
    const random = seeded(22);
    const users = () => rows("SELECT id, name, email, balance, remark FROM users ORDER BY id");
    let expected = new Map((await users()).map((row) => [row["id"], row])) as Parameters<typeof withTheirs>[0];
    const { done } = await shop.churn(changes, random, async (step) => {
      const sql = otherChange(step, random);
      if ((await query(sql)).changed > 0) expected = withTheirs(expected, sql);
    });
    expect(done).toBeGreaterThan(changes * 0.9);
    const { end, planned } = await shop.undo();
    expect([end.unverified, end.failure]).toEqual([[], undefined]);
    const isLeft = new Set(planned.conflicts.map(({ path }) => path));
    const there = (all: readonly Record<string, unknown>[]) => all.filter(({ id }) => !isLeft.has(`shop/users/${String(id)}`));
    expect(there(await users())).toEqual(there([...expected.values()].toSorted((one, other) => Number(one["id"]) - Number(other["id"]))));
    expect(isLeft.size).toBeLessThan(20);
  });

  it("puts values of every kind back as they were", async () => {
    await client.query("SET sql_mode = 'ALLOW_INVALID_DATES'");
    await client.query(
      "CREATE TABLE kinds (id VARBINARY(16) PRIMARY KEY, n BIGINT UNSIGNED, z INT(5) ZEROFILL, f FLOAT, d DOUBLE, c DECIMAL(40, 20), b BIT(64), y YEAR, da DATE, dt DATETIME(6), t TIME(3), ts TIMESTAMP NULL, e ENUM('a', 'it''s', ''), s SET('x', 'y'), j JSON, bl BLOB, tx TEXT, la VARCHAR(20) CHARACTER SET latin1, sj VARCHAR(20) CHARACTER SET sjis, g POINT, up VARCHAR(50) GENERATED ALWAYS AS (upper(tx)) STORED)",
    );
    const point = "ST_GeomFromText('POINT(1.5 -2)')";
    await client.query(
      `INSERT INTO kinds (id, n, z, f, d, c, b, y, da, dt, t, ts, e, s, j, bl, tx, la, sj, g) VALUES
       (x'00FF27', 18446744073709551615, 42, 0.1, 0.1 + 0.2, 12345678901234567890.00000000000000000001, b'${"1".repeat(64)}', 0, '0000-00-00', '2024-02-29 12:00:00.123456', '-838:59:59.000', '2024-03-31 02:30:00', 'it''s', 'x,y', '{"a": [1, "é", 1.5]}', x'00275C0A', 'line\\nback\\\\slash ''quote'' "double" ❤', 'é€', x'93FA967B', ${point}),
       (x'', 0, 0, 1e-30, 1.7976931348623157e308, -0.5, 0, 2024, '2024-02-31', '0000-00-00 00:00:00', '00:00:00', NULL, '', '', NULL, x'', '', '', '', NULL)`,
    );
    const before = [await dump(), await rows("SELECT *, hex(sj) AS h, hex(bl) AS bh FROM kinds ORDER BY n")];
    await act(
      "a1",
      "UPDATE kinds SET n = 1, z = 1, f = 2, d = 3, c = 4, b = 5, y = 2020, da = NULL, dt = NULL, t = NULL, ts = NULL, e = 'a', s = 'y', j = NULL, bl = NULL, tx = 'agent', la = 'x', sj = 'x', g = NULL WHERE n >= 0",
    );
    await act("a2", "DELETE FROM kinds WHERE n = 1");
    await undone();
    expect([await dump(), await rows("SELECT *, hex(sj) AS h, hex(bl) AS bh FROM kinds ORDER BY n")]).toEqual(before);
  });

  it("tries a statement under the modes and the time zone of the agent's own client", async () => {
    await client.query("CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP NULL, word VARCHAR(40))");
    await client.query("INSERT INTO log (word) VALUES ('first')");
    const before = await dump();
    await act("a1", "INSERT INTO log (id, at, word) VALUES (0, '2024-06-01 12:00:00', \"agent's \\\\ word\")");
    expect(await rows("SELECT at, word FROM log WHERE id > 1")).toEqual([{ at: "2024-06-01 12:00:00", word: "agent's \\ word" }]);
    await undone();
    expect(await dump()).toEqual(before);
  });

  it("follows triggers that a rollback takes back, and cascades", async () => {
    await client.query(
      "CREATE TRIGGER lower_email BEFORE UPDATE ON users FOR EACH ROW BEGIN DECLARE word VARCHAR(100); SET word = lower(NEW.email); IF word IS NOT NULL THEN SET NEW.email = word; END IF; END",
    );
    const before = await dump();
    await act("a1", "UPDATE users SET email = concat('A', email) WHERE id < 4");
    expect(await rows("SELECT email FROM users WHERE id = 1")).toEqual([{ email: "au1@example.com" }]);
    await act("a2", "DELETE FROM users WHERE id = 3");
    expect(await rows("SELECT id FROM orders WHERE user_id = 3")).toEqual([]);
    await undone();
    expect(await dump()).toEqual(before);
  });

  it("puts back a time that set itself, also where the clock stood still for the try", async () => {
    await client.query("UPDATE users SET seen = '2024-01-01 00:00:00'");
    const before = await dump();
    meanwhile = async (sql, session) => {
      if (sql.startsWith("UPDATE users SET remark")) await session.query("SET timestamp = unix_timestamp('2024-01-01 00:00:00')");
    };
    await act("a1", "UPDATE users SET remark = 'agent' WHERE id = 1");
    expect(await rows("SELECT id FROM users WHERE id = 1 AND seen > '2026-01-01'")).toHaveLength(1);
    await undone();
    expect(await dump()).toEqual(before);
  });

  it("tells new rows with numbers of the database's own from others'", async () => {
    await client.query("CREATE TABLE log (id INT PRIMARY KEY AUTO_INCREMENT, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, word VARCHAR(40))");
    const insert = "INSERT INTO log (word) VALUES ('agent')";
    await act("a1", insert, async () => {
      await client.query("INSERT INTO log (word) VALUES ('person')");
      await client.query(insert);
    });
    await undone();
    expect(await rows("SELECT word FROM log")).toEqual([{ word: "person" }]);
  });

  describe("refuses, and leaves untouched,", () => {
    const other = (engine: string) => `CREATE TABLE other (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(40)) ENGINE = ${engine}`;

    it.each(["MyISAM", "MEMORY", "Aria"])("a table that %s keeps, for which a rollback does nothing", async (engine) => {
      await client.query(other(engine));
      expect(await refusalOf("INSERT INTO other (word) VALUES ('agent')")).toContain(`other is kept by ${engine}`);
      expect(await rows("SELECT * FROM other")).toEqual([]);
    });

    it.each([
      [
        "a trigger",
        "CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW INSERT INTO other (word) VALUES (NEW.name)",
        "other is kept by MyISAM",
      ],
      [
        "a function of a trigger",
        "CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW SET @x = noted(NEW.name)",
        "may do more than change rows",
      ],
      [
        "a procedure of a trigger",
        "CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW CALL note(NEW.name)",
        "may do more than change rows",
      ],
      [
        "a trigger's trigger",
        "CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW UPDATE prices SET amount = 1 WHERE year = 1990; CREATE TRIGGER tell2 AFTER UPDATE ON prices FOR EACH ROW INSERT INTO other (word) VALUES ('x')",
        "other is kept by MyISAM",
      ],
    ])("what %s writes where a rollback does nothing", async (_name, triggers, reason) => {
      await client.query(other("MyISAM"));
      await client.query(
        "CREATE FUNCTION noted(word VARCHAR(40)) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO other (word) VALUES (word); RETURN 1; END",
      );
      await client.query("CREATE PROCEDURE note(IN word VARCHAR(40)) BEGIN INSERT INTO other (word) VALUES (word); END");
      for (const sql of triggers.split(/; (?=CREATE)/)) await client.query(sql);
      const before = await dump();
      expect(await refusalOf("UPDATE users SET name = 'agent' WHERE id = 1")).toContain(reason);
      expect([await dump(), await rows("SELECT * FROM other")]).toEqual([before, []]);
    });

    it("a view, which may call and reach anything", async () => {
      await client.query("CREATE VIEW seen AS SELECT id, name FROM users");
      expect(await refusalOf("UPDATE seen SET name = 'agent' WHERE id = 1")).toContain("seen is no table of this database");
      expect(await refusalOf("INSERT INTO orders (id, user_id, total) SELECT 9000, id, 1 FROM seen WHERE id = 1")).toContain(
        "seen is no table",
      );
    });

    it("a trigger that would fire again for the undo, and leave something behind", async () => {
      await client.query("CREATE TABLE history (n INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(100))");
      await client.query("CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW INSERT INTO history (word) VALUES (OLD.name)");
      const before = await dump();
      expect(await refusalOf("UPDATE users SET name = 'agent' WHERE id < 4")).toContain("A trigger would change rows of history");
      expect(await dump()).toEqual(before);
    });

    it("a table whose rows can't be told apart", async () => {
      await client.query("CREATE TABLE loose (word VARCHAR(10))");
      await client.query("INSERT INTO loose VALUES ('a'), ('a')");
      expect(await refusalOf("DELETE FROM loose WHERE word = 'a'")).toContain("loose has no primary key");
    });

    it("rows that go along in another database", async () => {
      const beside = `${url.pathname.slice(1)}_b`;
      await asOwner(`CREATE DATABASE ${beside}`);
      try {
        await client.query(
          `CREATE TABLE ${beside}.notes (id INT PRIMARY KEY, user_id INT, FOREIGN KEY (user_id) REFERENCES ${url.pathname.slice(1)}.users (id) ON DELETE CASCADE)`,
        );
        expect(await refusalOf("DELETE FROM users WHERE id = 1")).toContain("in another database, would go along");
      } finally {
        await asOwner(`DROP DATABASE ${beside}`);
      }
    });

    it("an account that may not see triggers", async () => {
      const name = url.pathname.slice(1);
      await asOwner(`CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY 'only here'`);
      await asOwner(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${name}.* TO ${name}@'127.0.0.1'`);
      try {
        url.username = name;
        url.password = "only here";
        expect(await refusalOf("UPDATE users SET name = 'agent' WHERE id = 1")).toContain("may not see triggers");
      } finally {
        await asOwner(`DROP USER ${name}@'127.0.0.1'`);
      }
    });
  });

  it("does not take for the run's what another changes between the look and the try", async () => {
    let isMeanwhile = 0;
    meanwhile = async (sql) => {
      if (!sql.startsWith("UPDATE users SET name = 'agent'")) return;
      isMeanwhile += 1;
      await client.query("UPDATE users SET remark = 'person' WHERE id = 1");
      await client.query("INSERT INTO users (id, name) VALUES (7000, 'person')");
    };
    await act("a1", "UPDATE users SET name = 'agent' WHERE id IN (1, 7000)");
    expect(isMeanwhile).toBe(1);
    await undone();
    expect(await rows("SELECT name, remark FROM users WHERE id IN (1, 7000) ORDER BY id")).toEqual([
      { name: "user '1'", remark: "person" },
      { name: "person", remark: null },
    ]);
  });

  it("does not take another's change of the same moment for the run's", async () => {
    await act("a1", "UPDATE users SET name = 'agent' WHERE id = 1", async () => {
      await client.query("UPDATE users SET remark = 'person' WHERE id = 1");
      await client.query("UPDATE users SET name = 'agent' WHERE id = 1");
    });
    await shop.undo();
    expect(await rows("SELECT name, remark FROM users WHERE id = 1")).toEqual([{ name: "user '1'", remark: "person" }]);
  });

  it("says nothing of the address when the server can't be reached, and takes no address for another kind of database", async () => {
    const databases = new Map([["shop", { from: "environment", name: "SHOP", showsRows: true } as const]]);
    url.password = "wrong-and-secret";
    const { drivers } = new Connections({ policy: () => ({ databases }), environment: { SHOP: url.href } });
    const failure: unknown = await drivers.mysql("shop").catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: "rows_not_kept", message: "The database shop can't be reached (ER_ACCESS_DENIED_ERROR)." });
    await expect(drivers.postgres("shop")).rejects.toMatchObject({ message: expect.stringContaining("the policy names no address") });
  });
});
