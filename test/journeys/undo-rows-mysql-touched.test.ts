import { afterEach, beforeEach, expect, it } from "vitest";
import { openMysql } from "../../sdk/src/undo/database/mysql.js";
import type { Statement } from "../../sdk/src/undo/database/statement.js";
import { tryOut, type Trial } from "../../sdk/src/undo/database/try-out.js";
import { seeded } from "../../sdk/src/undo/workshop.test.support.js";
import { connectMysql } from "../../server/src/snapshots/mysql-driver.js";
import { describeOnMysql } from "./undo/mysql-database.js";
import { MysqlShop, readInMysql } from "./undo/mysql-shop.js";

/** Statements that are tried both ways; more with PULLCORD_TOUCHED. */
const cases = Number(process.env["PULLCORD_TOUCHED"] ?? 60);
const longestMs = 20 * 60_000;

describeOnMysql("rows of MySQL that a statement touches", (server) => {
  let shop: MysqlShop;
  /** What reached the server. */
  let sent: string[];
  beforeEach(async () => {
    shop = await MysqlShop.open(server);
    await shop.client.query(
      "CREATE TABLE items (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(20), n INT, big INT GENERATED ALWAYS AS (n * 10) VIRTUAL)",
    );
    await shop.client.query("CREATE TABLE pairs (a VARCHAR(10), b INT, n INT, PRIMARY KEY (a, b))");
    await shop.client.query("CREATE TABLE coded (id INT PRIMARY KEY, code VARCHAR(10) UNIQUE, n INT)");
    for (const sql of [
      `INSERT INTO items (word, n) VALUES ${some(40, (at) => `('word ${at % 5}', ${at % 7})`)}`,
      `INSERT INTO pairs VALUES ${some(40, (at) => `('${"abc"[at % 3]}', ${at}, ${at % 4})`)}`,
      `INSERT INTO coded VALUES ${some(40, (at) => `(${at}, 'c${at}', ${at % 4})`)}`,
    ])
      await shop.client.query(sql);
  });
  afterEach(() => shop.close());

  const some = (count: number, row: (at: number) => string) => Array.from({ length: count }, (_, at) => row(at + 1)).join(", ");

  async function tried(statements: readonly Statement[]): Promise<Trial> {
    sent = [];
    const session = await openMysql(async () => {
      const made = await connectMysql(shop.url);
      const query: typeof made.query = (sql) => {
        sent.push(sql);
        return made.query(sql);
      };
      return { ...made, query };
    });
    try {
      return await tryOut(session, statements);
    } finally {
      await session.close();
    }
  }
  const wasReadThrough = () => sent.some((sql) => /^SELECT .* FROM "\w+" LIMIT 50001$/.test(sql));

  it(
    `are the same when they are looked for as when whole tables are read, wherever they are looked for (${cases})`,
    async () => {
      const random = seeded(Number(process.env["PULLCORD_TOUCHED_SEED"] ?? 41));
      let [counted, misled] = [0, 0];
      for (let step = 0; step < cases; step++) {
        const own = readInMysql(statementFor(step, random));
        const other = readInMysql(statementFor(step, random));
        // A place to look that is another statement's must not mislead.
        const isMisled = random() < 0.4 && own.length === 1 && own[0]?.tables[0] === other[0]?.tables[0] && other[0]?.touched;
        const statements = isMisled ? own.map((one) => ({ ...one, touched: other[0]?.touched ?? notThere })) : own;
        const found = await outcome(tried(statements));
        const looked = !wasReadThrough();
        const wholly = await outcome(tried(own.map(({ text, tables, reads = [] }) => ({ text, tables, reads }))));
        expect([statements, found]).toEqual([statements, wholly]);
        if (!looked || typeof found === "string") continue;
        if (isMisled) misled += 1;
        else counted += 1;
      }
      expect(counted).toBeGreaterThan(cases / 4);
      expect(misled).toBeLessThan(cases / 4);
    },
    longestMs,
  );

  it("are kept and put back in a table of more rows than are ever read", async () => {
    await shop.client.query(
      "CREATE TABLE large (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(20) DEFAULT 'x', n INT, at DATETIME(6) DEFAULT NOW(6))",
    );
    await shop.client.query("INSERT INTO large (n) SELECT 1 FROM items a, items b, items c WHERE c.id < 38");
    const [{ many } = {}] = await shop.rows("SELECT count(*) AS many FROM large");
    expect(Number(many)).toBeGreaterThan(50_000);
    const before = await shop.dump();
    for (const [at, sql] of [
      "UPDATE large SET n = n + 1 WHERE id BETWEEN 500 AND 600",
      "DELETE FROM large WHERE id IN (550, 55000)",
      "INSERT INTO large (n) VALUES (7), (8)",
      "INSERT INTO large SET n = 9",
      "REPLACE INTO large (id, word) VALUES (9, 'agent'), (999999, 'agent')",
      "INSERT INTO large (id, n) VALUES (10, 1), (550, 1) ON DUPLICATE KEY UPDATE word = 'agent'",
      "UPDATE large SET word = 'once' WHERE id = 3; UPDATE large SET word = 'twice' WHERE word = 'once'",
    ].entries())
      await shop.act(`a${at}`, sql);
    await shop.client.query("UPDATE large SET word = 'theirs' WHERE id = 77");
    const theirs = await shop.dump();
    await shop.undo();
    expect(await shop.dump()).not.toEqual(theirs);
    await shop.client.query("UPDATE large SET word = 'x' WHERE id = 77");
    expect(await shop.dump()).toEqual(before);
  });

  it("are not kept in such a table where the table would have to be read", async () => {
    await shop.client.query("CREATE TABLE large (id INT PRIMARY KEY AUTO_INCREMENT, n INT)");
    await shop.client.query("INSERT INTO large (n) SELECT 1 FROM items a, items b, items c WHERE c.id < 38");
    const before = await shop.dump();
    for (const sql of [
      "UPDATE large l JOIN items i ON i.id = l.id SET l.n = 2",
      "UPDATE large SET id = 900000 WHERE id = 1",
      "UPDATE large SET n = 2 WHERE id < 20000",
    ])
      expect(await shop.refusalOf(sql)).toContain("more than 50000 rows");
    expect(await shop.dump()).toEqual(before);
  });
});

const notThere = { kind: "deleted", from: "items", condition: "WHERE 1 = 0", isLimited: false } as const;

/** What it comes to, with numbers that the server gave told by their order alone. */
async function outcome(trial: Promise<Trial>): Promise<unknown> {
  try {
    const { steps } = await trial;
    let number = 0;
    return steps.map((step) => {
      if (step.kind !== "row" || step.table !== "items" || step.before !== null || Number(step.key["id"]) < 0) return step;
      return { ...step, key: { id: `new ${(number += 1)}` }, after: { ...step.after, id: "" } };
    });
  } catch (error) {
    return String(error);
  }
}

/** A statement about one table, whose rows may be looked for. */
function statementFor(step: number, random: () => number): string {
  const pick = (below: number) => 1 + Math.floor(random() * below);
  const [at, fresh] = [pick(40), 6_000 + step];
  const where = [
    `WHERE id = ${at}`,
    `AS i WHERE i.id BETWEEN ${at} AND ${at + 9}`,
    `WHERE n % ${pick(4)} = 1 AND word LIKE '%${pick(5)}'`,
    `WHERE id IN (SELECT b FROM pairs WHERE n = ${pick(3)})`,
    `ORDER BY n, id DESC LIMIT ${pick(5)}`,
    `WHERE word = "word ${pick(5)}" ORDER BY id LIMIT 2`,
    "",
  ][Math.floor(random() * 7)] as string;
  const [, alias = "", condition = ""] = /^(AS i )?([^]*)$/.exec(where) ?? [];
  const statements = [
    `UPDATE items ${alias}SET n = n + 1 ${condition}`,
    `UPDATE items ${alias}SET word = concat(word, '!'), n = 3 ${condition}`,
    `UPDATE LOW_PRIORITY items ${alias}SET n = ${pick(7)} ${condition}`,
    `UPDATE items SET id = id + 100 WHERE id = ${at}`,
    `UPDATE pairs SET b = b + ${pick(3)} WHERE a = 'a' AND b > ${at} ORDER BY b DESC`,
    `UPDATE pairs SET a = upper(a), n = 5 WHERE b = ${at}`,
    `DELETE FROM items ${alias}${condition}`,
    `DELETE QUICK FROM pairs WHERE a = 'b' AND n < ${pick(4)}`,
    `INSERT INTO items (word, n) VALUES ('new', ${step}), ('new', -1)`,
    `INSERT items (id, word) VALUES (${-fresh}, 'far'), (${-fresh - 1000}, 'far')`,
    `INSERT INTO items (word) SELECT a FROM pairs WHERE b < ${at}`,
    `INSERT IGNORE INTO pairs VALUES ('a', ${at}, 1), ('z', ${step}, 1)`,
    `REPLACE INTO pairs VALUES ('a', ${at}, 9), ('b', ${pick(40)}, 9)`,
    `REPLACE pairs SET a = 'A', b = ${at}, n = 1`,
    `INSERT INTO pairs (b, a, n) VALUES (${at}, 'c', 1), (${fresh}, 'c', 1) ON DUPLICATE KEY UPDATE n = n + VALUES(n)`,
    `INSERT INTO pairs (b, a, n) VALUES (${at}, 'c', 1) ON DUPLICATE KEY UPDATE b = b + 1000`,
    `REPLACE INTO coded VALUES (${at}, 'c${pick(40)}', 9)`,
    `INSERT INTO coded VALUES (${fresh}, 'c${at}', 9) ON DUPLICATE KEY UPDATE n = n + 1`,
    `DELETE FROM coded WHERE n = 1; UPDATE coded SET n = n + 1 WHERE id < ${at}; INSERT INTO coded VALUES (${fresh}, 'new', 1)`,
    `INSERT INTO items (id, word) VALUES (${-fresh}, 'a'); UPDATE items SET word = 'b' WHERE id < 0; DELETE FROM items WHERE id = ${at}`,
  ];
  return statements[Math.floor(random() * statements.length)] as string;
}
