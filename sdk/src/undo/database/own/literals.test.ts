import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OwnPostgres } from "./own-postgres.js";
import { OwnSqlite } from "./own-sqlite.js";

const sqlite = new OwnSqlite("/nowhere");
const postgres = new OwnPostgres(() => Promise.reject(new Error("Nothing connects here.")));

describe("what may stand in a statement as a value that was handed in", () => {
  it("is each value as SQLite writes it", () => {
    const database = new DatabaseSync(":memory:");
    const quote = database.prepare("SELECT quote(?) AS literal");
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "'", "\\", "\n", ";", "-", "é", "😀") }),
      fc.double(),
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      fc.uint8Array(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(value, (given) => {
        expect(sqlite.isLiteral(String(quote.get(given)?.["literal"]))).toBe(true);
      }),
    );
    expect(sqlite.isLiteral("CAST(x'6100' AS TEXT)")).toBe(true);
    database.close();
  });

  it("is each value as PostgreSQL writes it", () => {
    for (const literal of ["NULL", "''", "'a''b'", "'line\nend'", String.raw`E'a\\b'`, String.raw`E'''\\'`, "'2026-11-21 10:00:00+00'"])
      expect([literal, postgres.isLiteral(literal)]).toEqual([literal, true]);
  });

  it.each([
    "",
    "1; DROP TABLE orders",
    "(SELECT password FROM users)",
    "'a' || 'b'",
    "'a'; --",
    "'a''",
    "null",
    "current_user",
    "'a' OR 'b'",
    "X'0'",
    String.raw`'\'`,
    String.raw`E'\''`,
    String.raw`E'a\'; DROP TABLE orders; --'`,
    "$$a$$",
    "U&'a'",
    "'a'\n'b'",
  ])("is not %s", (text) => {
    expect(postgres.isLiteral(text)).toBe(false);
    // SQLite knows no escapes: what is between its quotes is the text.
    expect(sqlite.isLiteral(text)).toBe(text === String.raw`'\'`);
  });
});
