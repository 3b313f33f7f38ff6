import { describe, expect, it } from "vitest";
import { touchedBy } from "./mysql-touched.js";
import { tokensOf } from "./tokens.js";

const read = (sql: string) => touchedBy(tokensOf(sql, "mysql") ?? [], sql);

describe("where a statement of MySQL's touches rows", () => {
  it.each([
    ["UPDATE LOW_PRIORITY t SET a = (SELECT 1 FROM u LIMIT 1) WHERE id < 5", "t", "WHERE id < 5"],
    ["UPDATE shop.`order lines` AS o SET o.a = 1 ORDER BY o.id LIMIT 3", "shop.`order lines` AS o", "ORDER BY o.id LIMIT 3"],
    ["UPDATE t x SET a = 1", "t x", ""],
    ['DELETE QUICK FROM t WHERE name = "it\'s" -- some\n AND b = 1 # all', "t", 'WHERE name = "it\'s" -- some\n AND b = 1'],
  ])("is said by its own words: %s", (sql, from, condition) => {
    const kind = sql.startsWith("U") ? "updated" : "deleted";
    expect(read(sql)).toEqual({ kind, from, condition, isLimited: condition.includes("LIMIT") });
  });

  it.each([
    [
      "INSERT INTO t (a, `b`) VALUES (1, -2), ('x', NULL)",
      {
        columns: ["a", "b"],
        rows: [
          ["1", "-2"],
          ["'x'", "NULL"],
        ],
        isReplacing: false,
      },
    ],
    ["INSERT IGNORE t VALUES ROW(1, 2)", { columns: null, rows: [["1", "2"]], isReplacing: false }],
    ["INSERT INTO t SET a = 1, b = 'x'", { columns: ["a", "b"], rows: [["1", "'x'"]], isReplacing: false }],
    ["INSERT INTO t (a) SELECT a FROM u", { columns: null, rows: [], isReplacing: false }],
    ["INSERT INTO t (a, b) VALUES (uuid(), 1)", { columns: null, rows: [], isReplacing: false }],
    ["REPLACE t (a) VALUES (1)", { columns: ["a"], rows: [["1"]], isReplacing: true }],
    ["INSERT INTO t (a) VALUES (1) AS n ON DUPLICATE KEY UPDATE a = n.a", { columns: ["a"], rows: [["1"]], isReplacing: true }],
  ])("is said by the values that it puts there: %s", (sql, values) => expect(read(sql)).toEqual({ kind: "put", ...values }));

  it.each([
    "UPDATE t, u SET t.a = 1 WHERE t.id = u.id",
    "UPDATE t JOIN u ON u.id = t.id SET t.a = 1",
    "UPDATE t PARTITION (p) SET a = 1",
    "DELETE t FROM t JOIN u ON u.id = t.id",
    "DELETE FROM t USING t JOIN u ON u.id = t.id",
    "DELETE FROM t WHERE id = 1 RETURNING id",
    "REPLACE INTO t SELECT a FROM u",
    "REPLACE INTO t VALUES (uuid())",
    "SELECT 1",
  ])("is not said: %s", (sql) => expect(read(sql)).toBeNull());
});
