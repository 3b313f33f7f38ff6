import { beforeAll, describe, expect, it } from "vitest";
import { Findings } from "../findings.js";
import { noteSql, prepareReading } from "../sql.js";

beforeAll(prepareReading);

function read(sql: string) {
  const findings = new Findings();
  noteSql(sql, { name: "shop.db", production: false, dialect: "sqlite" }, findings);
  const { assessment, statements } = findings.toReading();
  return { worst: assessment.factors[0]?.name, ways: statements.map(({ wayBack }) => wayBack) };
}
const rows = (...tables: string[]) => ({ kind: "rows", tables });
const madeTable = (name: string) => ({ kind: "inverse", thing: { type: "table", name }, sql: `DROP TABLE "${name}"` });

describe("SQLite's statements", () => {
  it.each([
    ["INSERT OR REPLACE INTO t VALUES (1, 'a')", "database_writes", rows("t")],
    ["INSERT OR IGNORE INTO [order lines] (a) VALUES (1)", "database_writes", rows("order lines")],
    ["REPLACE INTO `t` (a) SELECT a FROM u", "database_writes", rows("t")],
    ["UPDATE OR IGNORE t SET a = 1 WHERE id = 3", "database_writes", rows("t")],
    ["UPDATE OR IGNORE t SET a = 1", "database_unbounded", rows("t")],
    ["DELETE FROM [t] WHERE [id] == 3", "database_writes", rows("t")],
    ["CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)", "database_writes", madeTable("t")],
    ["CREATE TABLE IF NOT EXISTS t (a TEXT PRIMARY KEY) WITHOUT ROWID, STRICT", "database_writes", madeTable("t")],
    ["DROP TABLE [t]", "database_drops", undefined],
  ])("%s is %s", (sql, worst, way) => expect(read(sql)).toMatchObject({ worst, ways: [way] }));

  it.each([
    "INSERT OR ROLLBACK INTO t VALUES (1)",
    "CREATE VIRTUAL TABLE t USING fts5(a)",
    "CREATE TABLE [t] AS SELECT * FROM [u]",
    "ATTACH 'x.db' AS [x]",
    "PRAGMA writable_schema = 1",
    "INSERT OR REPLACE INTO t VALUES (?)",
    "INSERT OR REPLACE INTO t VALUES ('open",
  ])("%s has no way back", (sql) => {
    for (const way of read(sql).ways) expect(way).toBeUndefined();
  });
});
