import { beforeAll, describe, expect, it } from "vitest";
import { Findings } from "./findings.js";
import { type Database, noteSql, prepareReading } from "./sql.js";

const development: Database = { name: "shop_dev", production: false, kind: "development" };
const production: Database = { name: "shop_prod", production: true, kind: "production" };
const worst = (sql: string | null, database: Database | null = development): string | undefined => {
  const findings = new Findings();
  noteSql(sql, database, findings);
  return findings.toReading().assessment.factors[0]?.name;
};

describe("SQL", () => {
  beforeAll(prepareReading);

  it.each([
    ["SELECT 1", "database_reads"],
    ["UPDATE a SET b = 1 WHERE id = 3", "database_writes_here"],
    ["INSERT INTO a VALUES (1)", "database_writes_here"],
    ["UPDATE a SET b = 1", "database_unbounded"],
    ["DELETE FROM a WHERE 1 = 1", "database_unbounded"],
    ["DELETE FROM a WHERE id IS NOT NULL", "database_unbounded"],
    ["DELETE FROM a WHERE id IN (SELECT id FROM a)", "database_unbounded"],
    ["DELETE FROM a WHERE id IN (SELECT id FROM b WHERE c = 2)", "database_writes_here"],
    ["DELETE FROM a WHERE id = 3 OR true", "database_unbounded"],
    ["SELECT 1; DROP TABLE a", "database_drops"],
    ["WITH x AS (DELETE FROM a RETURNING id) SELECT * FROM x", "database_unbounded"],
    ["COPY a TO PROGRAM 'sh'", "database_effects"],
    ["SELECT pg_terminate_backend(1)", "database_effects"],
    ["ALTER ROLE app SUPERUSER", "superuser"],
    ["GRANT ALL ON a TO b", "database_rights"],
    ["this is no SQL", "database_unread"],
    [null, "database_unread"],
  ])("reads %s as %s", (sql, factor) => expect(worst(sql)).toBe(factor));

  it("is stricter in production, and lets a throw-away database be emptied", () => {
    expect(worst("UPDATE a SET b = 1 WHERE id = 3", production)).toBe("production");
    expect(worst("DROP SCHEMA public CASCADE", production)).toBe("wipes_production");
    expect(worst("SELECT * FROM customers", production)).toBe("reads_personal");
    expect(worst("SELECT count(*) FROM orders", production)).toBe("database_reads");
    expect(worst("TRUNCATE a", { name: "shop_test", production: false, kind: "throwaway" })).toBe("database_writes_here");
  });

  describe.each([{ dialect: "sqlite" }, { dialect: "mysql" }, { lenient: true }] as const)("that %o ends elsewhere", (how) => {
    it.each([
      "SELECT $$ ; DROP TABLE orders; SELECT $$",
      "SELECT $a$ FROM (SELECT 1 AS $A$) t; DROP TABLE orders; SELECT $a$",
      "SELECT 1 /* /* */ ; DROP TABLE orders; /* */ */",
      "WITH t(e) AS (SELECT 1) SELECT E'\\' FROM t; DROP TABLE orders; --'",
    ])("is not taken for reading: %s", (sql) => expect(worst(sql, { ...development, ...how })).toBe("database_unread"));
  });

  it("sees what SQLite's names in brackets hide from another grammar", () =>
    expect(
      worst("WITH t(a) AS (SELECT 1) SELECT a['x] FROM t; DROP TABLE orders; --'] FROM t", { ...development, dialect: "sqlite" }),
    ).toBe("database_drops"));
});
