import { beforeAll, describe, expect, it } from "vitest";
import { Findings } from "../findings.js";
import { noteSql, prepareReading } from "../sql.js";

beforeAll(prepareReading);

function read(sql: string) {
  const findings = new Findings();
  noteSql(sql, { name: "shop", production: false, dialect: "mysql" }, findings);
  const { assessment, statements } = findings.toReading();
  return { worst: assessment.factors[0]?.name, ways: statements.map(({ wayBack }) => wayBack), statements };
}
const rows = (tables: string[], reads: string[] = []) => ({ kind: "rows", tables, reads });

describe("MySQL's statements", () => {
  it.each([
    ["UPDATE `order lines` SET a = 1 WHERE id = 3", "database_writes", rows(["order lines"])],
    ['UPDATE t SET a = 1 WHERE name = "bob" # all of it', "database_writes", rows(["t"])],
    ["UPDATE LOW_PRIORITY IGNORE t SET a = a + 1 LIMIT 5", "database_writes", rows(["t"])],
    ["UPDATE t SET a = 1 ORDER BY id LIMIT 100000", "database_unbounded", rows(["t"])],
    ["UPDATE t SET a = 1", "database_unbounded", rows(["t"])],
    ["UPDATE t JOIN u ON u.id = t.u_id SET t.a = u.a WHERE u.b = 3", "database_writes", rows(["t", "u"], ["u"])],
    ["UPDATE t, u SET t.a = 1 WHERE t.id = u.id", "database_unbounded", rows(["t", "u"], ["u"])],
    ["UPDATE t LEFT JOIN u ON u.id = 3 SET t.a = 1", "database_unbounded", rows(["t", "u"], ["u"])],
    ["DELETE FROM t WHERE id = 3 LIMIT 1", "database_writes", rows(["t"])],
    ["DELETE FROM t", "database_unbounded", rows(["t"])],
    ["DELETE QUICK FROM t WHERE id = 3", "database_writes", rows(["t"])],
    ["DELETE a FROM t AS a INNER JOIN u b ON b.id = a.u_id WHERE b.x = 3", "database_writes", rows(["t", "u"], ["u"])],
    ["DELETE FROM a, b USING t a JOIN u b ON a.id = b.id WHERE a.x = 1", "database_writes", rows(["t", "u"], ["u"])],
    ["INSERT t SET a = 1, b = concat('x', now())", "database_writes", rows(["t"])],
    ["INSERT IGNORE INTO t (a) VALUES (1), (2)", "database_writes", rows(["t"])],
    ["INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a) + 1", "database_writes", rows(["t"])],
    ["INSERT INTO t VALUES (1) AS n ON DUPLICATE KEY UPDATE a = n.a", "database_writes", rows(["t"])],
    ["INSERT INTO t VALUES ROW(1, 2), ROW(3, 4)", "database_writes", rows(["t"])],
    ["INSERT INTO t SELECT * FROM u WHERE at > now() - INTERVAL 1 DAY", "database_writes", rows(["t"], ["u"])],
    ["REPLACE t VALUES (1, 'it''s')", "database_writes", rows(["t"])],
    ["INSERT INTO shop.t VALUES ()", "database_writes", rows(["shop.t"])],
    ["DROP TABLE `t`", "database_drops", undefined],
    ["TRUNCATE `t`", "database_drops", undefined],
    ["CREATE TABLE `t` (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, KEY x (id)) ENGINE=InnoDB", "database_writes", undefined],
  ])("%s is %s", (sql, worst, way) => expect(read(sql)).toMatchObject({ worst, ways: [way] }));

  it("are read one by one", () => {
    const { statements } = read("BEGIN; UPDATE t SET a = ';' WHERE id = 1; DELETE FROM u WHERE id = 2; COMMIT");
    expect(statements.map(({ text, wayBack }) => [text, wayBack?.kind])).toEqual([
      ["BEGIN", "none"],
      ["UPDATE t SET a = ';' WHERE id = 1", "rows"],
      ["DELETE FROM u WHERE id = 2", "rows"],
      ["COMMIT", "none"],
    ]);
  });

  it.each([
    ["code in a comment", "UPDATE t SET a = 1 /*! , b = sleep(5) */ WHERE id = 1"],
    ["MariaDB's code in a comment", "UPDATE t SET a = 1 /*M! , b = 2 */ WHERE id = 1"],
    ["a hint that sets a variable", "UPDATE /*+ SET_VAR(sql_mode='') */ t SET a = 1 WHERE id = 1"],
    ["a backslash that ends a text, or does not", "UPDATE t SET a = 'x\\' WHERE id = 1; DROP TABLE t; -- '"],
    ["two signs that are no comment", "UPDATE t SET a = 1 WHERE id = 3--1"],
    ["a function that waits", "UPDATE t SET a = sleep(5) WHERE id = 1"],
    ["a function that reads files", "INSERT INTO t VALUES (load_file('/etc/passwd'))"],
    ["a function that locks", "DELETE FROM t WHERE id = get_lock('x', 1)"],
    ["a function of one's own", "UPDATE t SET a = tidy(a) WHERE id = 1"],
    ["a function of one's own in another database", "UPDATE t SET a = other.now() WHERE id = 1"],
    ["a function that only the blank makes one's own", "UPDATE t SET a = now () WHERE id = 1"],
    ["a function in backticks", "UPDATE t SET a = `now`() WHERE id = 1"],
    ["a cast that only the blank makes one's own", "UPDATE t SET a = cast (b AS char) WHERE id = 1"],
    ["a variable", "UPDATE t SET a = @x WHERE id = 1"],
    ["a variable that is set", "UPDATE t SET a = (@x := a) WHERE id = 1"],
    ["a file that is written", "SELECT a FROM t INTO OUTFILE '/tmp/x'"],
    ["a file that is loaded", "LOAD DATA INFILE '/tmp/x' INTO TABLE t"],
    ["rows that are locked", "SELECT a FROM t WHERE id = 1 FOR UPDATE"],
    ["what commits by itself", "ALTER TABLE t ADD COLUMN c INT"],
    ["a lock", "LOCK TABLES t WRITE"],
    ["another database", "USE other"],
    ["a setting", "SET autocommit = 1"],
    ["a procedure", "CALL tidy()"],
    ["an OR that may be a join of texts", "DELETE FROM t WHERE id = 3 || 1"],
    ["a command of the client", "UPDATE t SET a = 1 WHERE id = 1\\g"],
    ["another delimiter", "delimiter // \n DROP TABLE t //"],
  ])("have no way back where there is %s", (_name, sql) => {
    for (const way of read(sql).ways) expect(way).toBeUndefined();
  });

  it.each([
    ["a name in double quotes is a text", 'DELETE FROM t WHERE "id" <> 3'],
    ["a text in double quotes may be a name", 'DELETE FROM t WHERE name = "name"'],
    ["the other grammar sees no condition", "DELETE FROM t -- WHERE\n WHERE 1"],
  ])("count as the worst that they may be: %s", (_name, sql) => expect(read(sql).worst).toBe("database_unbounded"));
});
