import { describe, expect, it } from "vitest";
import { Findings } from "./findings.js";
import { noteDialect } from "./sql-dialect.js";

const reads = (sql: string): boolean => noteDialect(sql, new Findings());

describe("statements of other dialects", () => {
  it.each([
    "SHOW TABLES",
    "SHOW CREATE TABLE orders",
    "DESCRIBE orders",
    "SELECT `id` FROM `orders` LIMIT 5, 10",
    "PRAGMA table_info(orders);",
    "SELECT * FROM a -- delete from a\n",
    "SELECT 'drop table a' FROM a LIMIT 1, 2",
    "EXPLAIN QUERY PLAN SELECT 1",
    "USE shop; SHOW INDEX FROM orders",
  ])("takes %s for reading", (sql) => expect(reads(sql)).toBe(true));

  it.each([
    "DELETE FROM a LIMIT 1",
    "SELECT 1; DROP TABLE a",
    "SELECT * FROM a INTO OUTFILE '/tmp/x'",
    "SELECT load_file('/etc/passwd')",
    "SELECT 1 /*! INTO OUTFILE '/tmp/x' */",
    "PRAGMA writable_schema = 1",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT 'it\\'s' ; DROP TABLE a",
    "SELECT 'open",
    "SELECT a['x] FROM t; DROP TABLE b; --']",
    "REPLACE INTO a VALUES (1)",
    "SELECT * FROM a FOR UPDATE",
    "ATTACH 'x' AS y",
    "",
  ])("does not take %s for reading", (sql) => expect(reads(sql)).toBe(false));
});
