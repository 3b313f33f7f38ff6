import { afterEach, beforeEach, expect, it } from "vitest";
import { asOwner, describeOnMysql } from "./undo/mysql-database.js";
import { MysqlShop } from "./undo/mysql-shop.js";

describeOnMysql("undo of rows with what only newer servers know", (server) => {
  let shop: MysqlShop;
  beforeEach(async () => {
    shop = await MysqlShop.open(server);
  });
  afterEach(() => shop.close());

  /** Makes a table, lets the agent change it in each of these ways, and takes all of that back. @returns what stood before, and what stands then */
  async function undone(made: readonly string[], changes: readonly string[]): Promise<readonly [before: unknown, after: unknown]> {
    for (const sql of made) await shop.client.query(sql);
    const before = await shop.dump();
    for (const [at, sql] of changes.entries()) await shop.act(`a${at}`, sql);
    expect(await shop.dump()).not.toEqual(before);
    await shop.undo();
    return [before, await shop.dump()];
  }

  const rowWord = server.isMariadb ? "" : "ROW";
  it("goes back with columns that the server computes, in an index or stored, and those that nobody sees", async () => {
    const [before, after] = await undone(
      [
        "CREATE TABLE made (id INT PRIMARY KEY, a INT CHECK (a < 1000), hidden INT INVISIBLE DEFAULT 7, twice INT GENERATED ALWAYS AS (a * 2) VIRTUAL, word VARCHAR(20) DEFAULT (concat('w', 1)), kept VARCHAR(40) GENERATED ALWAYS AS (concat(word, '!')) STORED, UNIQUE KEY (twice))",
        "INSERT INTO made (id, a, hidden) VALUES (1, 1, 5), (2, 2, 6), (3, 3, DEFAULT)",
      ],
      [
        "UPDATE made SET a = a + 10, hidden = 9, word = 'agent' WHERE id < 3",
        "DELETE FROM made WHERE twice = 6",
        `INSERT INTO made (id, a) VALUES ${rowWord}(8, 8), ${rowWord}(9, 9)`,
        "REPLACE INTO made (id, a) VALUES (1, 100)",
      ],
    );
    expect(after).toEqual(before);
  });

  it("goes back where keys are compared without case and accents, as the server's own collation does", async () => {
    const [before, after] = await undone(
      [
        "CREATE TABLE named (name VARCHAR(40) PRIMARY KEY, n INT)",
        "INSERT INTO named VALUES ('Straße', 1), ('été', 2), ('zoë ', 3), ('❤', 4)",
      ],
      [
        "UPDATE named SET n = n + 1 WHERE name = 'ÉTÉ'",
        "INSERT INTO named VALUES ('STRASSE ', 9) ON DUPLICATE KEY UPDATE n = 9",
        "DELETE FROM named WHERE name LIKE 'ZO%'",
        "DELETE FROM named WHERE name = '❤'",
      ],
    );
    expect(after).toEqual(before);
  });

  if (server.isMariadb) return;

  it("goes back with indexes over expressions and over a list in a document", async () => {
    const [before, after] = await undone(
      [
        "CREATE TABLE documents (id INT PRIMARY KEY, doc JSON, word VARCHAR(20), UNIQUE KEY ((lower(word))), KEY ((CAST(doc -> '$.tags' AS UNSIGNED ARRAY))))",
        `INSERT INTO documents VALUES (1, '{"tags": [1, 2], "a": 1.50, "b": "it''s \\\\\\\\ \\\\"q\\\\" ❤"}', 'One'), (2, 'null', 'two'), (3, NULL, NULL)`,
      ],
      [
        "UPDATE documents SET doc = json_set(doc, '$.a', 2) WHERE id = 1",
        "UPDATE documents SET doc = '[1, -0.0, 1e300]', word = upper(word) WHERE id > 1",
        "DELETE FROM documents WHERE id = 2",
        "INSERT INTO documents VALUES (4, '{}', 'four')",
      ],
    );
    expect(after).toEqual(before);
  });

  it("refuses a document with a value in it that its text does not say", async () => {
    await shop.client.query("CREATE TABLE documents (id INT PRIMARY KEY, doc JSON, n INT)");
    await shop.client.query("INSERT INTO documents VALUES (1, json_array(CAST('2024-01-01' AS DATE)), 1), (2, '[1]', 1)");
    const before = await shop.dump();
    expect(await shop.refusalOf("UPDATE documents SET doc = '[]' WHERE id = 1")).toContain("can't be written again as it is");
    expect(await shop.dump()).toEqual(before);
  });

  it("goes back where the server makes the key itself, unseen", async () => {
    await shop.client.query("SET SESSION sql_generate_invisible_primary_key = ON");
    const [before, after] = await undone(
      ["CREATE TABLE loose (word VARCHAR(10))", "INSERT INTO loose VALUES ('a'), ('a'), ('b')"],
      [
        "DELETE FROM loose WHERE word = 'a' LIMIT 1",
        "INSERT INTO loose VALUES ('c'), ('c')",
        "UPDATE loose SET word = 'd' WHERE word = 'b'",
      ],
    );
    expect(after).toEqual(before);
  });

  it("refuses an account from which the right to see this database's triggers was taken", async () => {
    const name = shop.name;
    await asOwner(server, "SET GLOBAL partial_revokes = ON");
    await asOwner(server, `CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY 'only here'`);
    try {
      await asOwner(server, `GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON *.* TO ${name}@'127.0.0.1'`);
      shop.url.username = name;
      shop.url.password = "only here";
      await shop.act("a1", "UPDATE users SET name = 'agent' WHERE id = 1");
      await asOwner(server, `REVOKE TRIGGER ON ${name}.* FROM ${name}@'127.0.0.1'`);
      expect(await shop.refusalOf("UPDATE users SET name = 'agent' WHERE id = 2")).toContain("may not see triggers");
    } finally {
      await asOwner(server, `DROP USER ${name}@'127.0.0.1'`);
      await asOwner(server, "SET GLOBAL partial_revokes = OFF");
    }
  });
});
