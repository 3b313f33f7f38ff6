import { beforeAll, describe, expect, it } from "vitest";
import type { FoundDatabase, SqlPlace } from "../reading.js";
import { settingSurroundings } from "./corpus/setting.js";
import { prepareReading, readAction } from "./read-action.js";

beforeAll(prepareReading);

/** A PostgreSQL database `shop` and a MySQL database `store`, wherever they are said to be. */
const databaseAt = (place: SqlPlace): FoundDatabase | null => {
  if (place.kind === "file") return null;
  const dialect = place.name === "store" ? "mysql" : "postgres";
  if (place.kind === "server" && place.dialect !== dialect) return null;
  return { dialect, name: place.name, ...(dialect === "mysql" ? { schema: "store_db" } : {}) };
};
const keptOf = (command: string) =>
  readAction({ type: "command_execute", arguments: { command } }, { ...settingSurroundings, databaseAt }).keptRows;
const keptOfTool = (database: string, sql: string) =>
  readAction({ type: "database_modify", arguments: { database, sql } }, { ...settingSurroundings, databaseAt }).keptRows;

describe("rows are kept", () => {
  it.each([
    ['psql -d shop -c "UPDATE orders SET paid = 1 WHERE id = 2"', "postgres"],
    ["mysql -h db -D store -e 'REPLACE INTO `orders` VALUES (1)'", "mysql"],
    ["mariadb -h db store <<< 'DELETE FROM orders WHERE id = 2 LIMIT 1'", "mysql"],
  ])("of %s", (command, dialect) => expect(keptOf(command)).toMatchObject([{ database: { dialect } }]));

  it("of a tool's SQL, read as the database that it names reads it", () => {
    expect(keptOfTool("store", "INSERT INTO orders SET id = 1")).toMatchObject([{ database: { dialect: "mysql" } }]);
    expect(keptOfTool("shop", "INSERT INTO orders SET id = 1")).toBeUndefined();
    // PostgreSQL's grammar would read it; MySQL may run a function of somebody's.
    expect(keptOfTool("store", "UPDATE orders SET a = tidy(a) WHERE id = 1")).toBeUndefined();
    expect(keptOfTool("shop", "UPDATE orders SET a = tidied(a) WHERE id = 1")).toHaveLength(1);
  });
});

describe("tables of MySQL's that are named with their database", () => {
  it("are the connection's own, where it is that database", () => {
    const kept = keptOfTool("store", "UPDATE `store_db`.orders o SET o.a = (SELECT max(b) FROM store_db.prices) WHERE o.id = 1");
    expect(kept).toMatchObject([{ statements: [{ wayBack: { tables: ["orders"], reads: ["prices"] } }] }]);
    expect(kept?.[0]?.database).toEqual({ dialect: "mysql", name: "store" });
  });

  it.each([
    ["another's", "UPDATE other.orders SET a = 1 WHERE id = 1"],
    ["another's that is read", "UPDATE orders SET a = (SELECT max(b) FROM other.prices) WHERE id = 1"],
    ["the same in other letters", "UPDATE STORE_DB.orders SET a = 1 WHERE id = 1"],
    ["a table with a dot in its name", "UPDATE `store_db.orders` SET a = 1 WHERE id = 1"],
    ["a database with a dot in its name", "UPDATE `store_db.x`.orders SET a = 1 WHERE id = 1"],
  ])("are not kept where it is %s", (_name, sql) => expect(keptOfTool("store", sql)).toBeUndefined());
});

describe("where MySQL commits something by itself, that is what is said", () => {
  it.each([
    ["TRUNCATE c", "MySQL commits TRUNCATE at once, so it"],
    ["ALTER TABLE c ADD COLUMN d INT", "MySQL commits ALTER at once, so it"],
    ["UPDATE a SET b = 1 WHERE id = 2; CREATE INDEX i ON a (b)", "MySQL commits CREATE at once, and with it all that ran before, so it"],
    [
      "BEGIN; UPDATE a SET b = 1 WHERE id = 2; DROP TABLE c; ROLLBACK",
      "MySQL commits DROP at once, and with it all that ran before, so it",
    ],
    ["UPDATE a SET b = tidy(b) WHERE id = 2", "UPDATE"],
  ])("of %s", (sql, why) => {
    const proposed = { type: "database_modify", arguments: { database: "store", sql } } as const;
    const { rowsToTry } = readAction(proposed, { ...settingSurroundings, databaseAt });
    expect(rowsToTry).toEqual({ why: `${why} can't be tried and taken back` });
  });
});

describe("the table whose rows a statement could be asked for", () => {
  const targetsOf = (sql: string) =>
    keptOfTool("shop", sql)?.flatMap(({ statements }) =>
      statements.map(({ wayBack }) => (wayBack?.kind === "rows" ? wayBack.target : null)),
    );

  it.each([
    ["UPDATE orders SET paid = 1 WHERE id = 2", { table: "orders", alias: "orders", hasReturning: false }],
    [
      "DELETE FROM sales.orders AS o USING users u WHERE u.id = o.user_id AND u.id = 3 RETURNING o.id",
      { table: "sales.orders", alias: "o", hasReturning: true },
    ],
    ["WITH a AS (SELECT 1 AS id) INSERT INTO orders SELECT id FROM a", { table: "orders", alias: "orders", hasReturning: false }],
    ["WITH a AS (DELETE FROM users WHERE id = 1 RETURNING id) INSERT INTO orders SELECT id FROM a", undefined],
    ["MERGE INTO orders o USING users u ON u.id = o.user_id AND u.id = 1 WHEN MATCHED THEN UPDATE SET paid = 1", undefined],
  ])("is found: %s", (sql, target) => expect(targetsOf(sql)).toEqual([target]));
});

describe("rows are not kept", () => {
  it.each([
    ["another part of it is in a script", 'psql -d shop -c "UPDATE a SET b = 1 WHERE id = 2"; psql -d shop -f migrations/2_a.sql'],
    ["a script is piped in", 'psql -d shop -c "UPDATE a SET b = 1 WHERE id = 2" && mysql -h db store < migrations/2_a.sql'],
    ["MySQL commits part of it by itself", 'mysql -h db store -e "UPDATE a SET b = 1 WHERE id = 2; TRUNCATE c"'],
    ["part of it leads to another place", 'mysql -h db store -e "USE other; UPDATE a SET b = 1 WHERE id = 2"'],
    ["the client runs a program", "mysql -h db store -e 'UPDATE a SET b = 1 WHERE id = 2; \\! id'"],
    ["the client has settings that nobody reads", "mysql --defaults-file=x -h db store -e 'UPDATE a SET b = 1 WHERE id = 2'"],
    ["the client sets something first", "mysql --init-command='SET autocommit=1' -h db store -e 'UPDATE a SET b = 1 WHERE id = 2'"],
  ])("where %s", (_name, command) => expect(keptOf(command)).toBeUndefined());
});
