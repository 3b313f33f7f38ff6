import { afterEach, beforeEach, expect, it } from "vitest";
import { Connections } from "../../server/src/snapshots/connections.js";
import { asOwner, describeOnMysql } from "./undo/mysql-database.js";
import { MysqlShop } from "./undo/mysql-shop.js";

describeOnMysql("undo of rows in MySQL refuses, and leaves untouched", (server) => {
  let shop: MysqlShop;
  beforeEach(async () => {
    shop = await MysqlShop.open(server);
  });
  afterEach(() => shop.close());

  const other = (engine: string) => `CREATE TABLE other (id INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(40)) ENGINE = ${engine}`;

  it.each(["MyISAM", "MEMORY"])("a table that %s keeps, for which a rollback does nothing", async (engine) => {
    await shop.client.query(other(engine));
    expect(await shop.refusalOf("INSERT INTO other (word) VALUES ('agent')")).toContain(`other is kept by ${engine}`);
    expect(await shop.rows("SELECT * FROM other")).toEqual([]);
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
    await shop.client.query(other("MyISAM"));
    await shop.client.query(
      "CREATE FUNCTION noted(word VARCHAR(40)) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO other (word) VALUES (word); RETURN 1; END",
    );
    await shop.client.query("CREATE PROCEDURE note(IN word VARCHAR(40)) BEGIN INSERT INTO other (word) VALUES (word); END");
    for (const sql of triggers.split(/; (?=CREATE)/)) await shop.client.query(sql);
    const before = await shop.dump();
    expect(await shop.refusalOf("UPDATE users SET name = 'agent' WHERE id = 1")).toContain(reason);
    expect([await shop.dump(), await shop.rows("SELECT * FROM other")]).toEqual([before, []]);
  });

  // MySQL itself lets checks call nothing that somebody has added to the server.
  if (server.isMariadb) {
    it("a table with a check that calls what is not known to be harmless", async () => {
      await shop.client.query(
        "CREATE TABLE checked (id INT PRIMARY KEY, j JSON, word VARCHAR(9) CHECK (length(aes_encrypt(word, 'k')) > 0))",
      );
      expect(await shop.refusalOf("INSERT INTO checked (id, word) VALUES (1, 'a')")).toContain("of checked may do more than change rows");
    });
  }

  it("a view, which may call and reach anything", async () => {
    await shop.client.query("CREATE VIEW seen AS SELECT id, name FROM users");
    expect(await shop.refusalOf("UPDATE seen SET name = 'agent' WHERE id = 1")).toContain("seen is no table of this database");
    expect(await shop.refusalOf("INSERT INTO orders (id, user_id, total) SELECT 9000, id, 1 FROM seen WHERE id = 1")).toContain(
      "seen is no table",
    );
  });

  it("a trigger that would fire again for the undo, and leave something behind", async () => {
    await shop.client.query("CREATE TABLE history (n INT PRIMARY KEY AUTO_INCREMENT, word VARCHAR(100))");
    await shop.client.query("CREATE TRIGGER tell AFTER UPDATE ON users FOR EACH ROW INSERT INTO history (word) VALUES (OLD.name)");
    const before = await shop.dump();
    expect(await shop.refusalOf("UPDATE users SET name = 'agent' WHERE id < 4")).toContain("A trigger would change rows of history");
    expect(await shop.dump()).toEqual(before);
  });

  it("a table whose rows can't be told apart", async () => {
    await shop.client.query("CREATE TABLE loose (word VARCHAR(10))");
    await shop.client.query("INSERT INTO loose VALUES ('a'), ('a')");
    expect(await shop.refusalOf("DELETE FROM loose WHERE word = 'a'")).toContain("loose has no primary key");
  });

  it("rows that go along in another database", async () => {
    const beside = `${shop.name}_b`;
    await asOwner(server, `CREATE DATABASE ${beside}`);
    try {
      await shop.client.query(
        `CREATE TABLE ${beside}.notes (id INT PRIMARY KEY, user_id INT, FOREIGN KEY (user_id) REFERENCES ${shop.name}.users (id) ON DELETE CASCADE)`,
      );
      expect(await shop.refusalOf("DELETE FROM users WHERE id = 1")).toContain("in another database, would go along");
    } finally {
      await asOwner(server, `DROP DATABASE ${beside}`);
    }
  });

  it("an account that may not see triggers", async () => {
    const name = shop.name;
    await asOwner(server, `CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY 'only here'`);
    await asOwner(server, `GRANT SELECT, INSERT, UPDATE, DELETE ON ${name}.* TO ${name}@'127.0.0.1'`);
    try {
      shop.url.username = name;
      shop.url.password = "only here";
      expect(await shop.refusalOf("UPDATE users SET name = 'agent' WHERE id = 1")).toContain("may not see triggers");
    } finally {
      await asOwner(server, `DROP USER ${name}@'127.0.0.1'`);
    }
  });

  it("says nothing of the address when the server can't be reached, and takes no address for another kind of database", async () => {
    const databases = new Map([["shop", { from: "environment", name: "SHOP", previewsRows: true } as const]]);
    shop.url.password = "wrong-and-secret";
    const { drivers } = new Connections({ policy: () => ({ databases }), environment: { SHOP: shop.url.href } });
    const failure: unknown = await drivers.mysql("shop").catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: "rows_not_kept", message: "The database shop can't be reached (ER_ACCESS_DENIED_ERROR)." });
    await expect(drivers.postgres("shop")).rejects.toMatchObject({ message: expect.stringContaining("the policy names no address") });
  });
});
