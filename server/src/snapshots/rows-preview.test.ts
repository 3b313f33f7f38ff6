import { describe, expect, it } from "vitest";
import { bounds } from "@pullcord/sdk/protocol";
import type { RowStep } from "@pullcord/sdk/undo";
import { triedRows } from "./rows-preview.js";

const token = `ghp_${"a1B2".repeat(9)}`;

function shown(...steps: RowStep[]) {
  return triedRows([{ shown: "shop.db", named: ["users"], trial: { steps, marks: {} } }], 7);
}
function update(before: Record<string, string>, after: Record<string, string>, key: Record<string, string> = { id: "1" }): RowStep {
  return { kind: "row", table: "users", key, before, after };
}

describe("rows as people see them", () => {
  it.each<[what: string, cell: readonly [column: string, literal: string], secret: string]>([
    ["its column's name", ["api_key", "'plain-words'"], "plain-words"],
    ["a number in such a column", ["password", "4711"], "4711"],
    ["what it looks like", ["note", `'use ${token} there'`], token],
    ["an address", ["url", "'postgres://ada:swordfish@db/shop'"], "swordfish"],
    ["a name in JSON", ["settings", `'{"theme": "dark", "password": "swordfish"}'`], "swordfish"],
    ["a name in JSON that is cut", ["settings", `'{"secret": "swordfish", "pad": "${"x".repeat(5_000)}"}'`], "swordfish"],
    ["a quote in a secret", ["token", "'it''s'"], "it''s"],
  ])("hold no secret that is given away by %s", (_what, [column, literal], secret) => {
    const told = JSON.stringify([
      shown(update({ [column]: literal }, { [column]: "NULL" })),
      shown(update({ id: "1" }, { id: "2" }, { [column]: literal })),
    ]);
    expect(told).toContain("[secret]");
    expect(told).not.toContain(secret);
  });

  it("keep what is none", () => {
    const [table] = shown(update({ name: "'it''s ada'", age: "36" }, { name: "'bob'", age: "NULL" })).tables;
    expect(table?.first[0]?.cells).toEqual([
      { column: "name", before: "it's ada", after: "bob" },
      { column: "age", before: "36", after: "NULL" },
    ]);
  });

  it("are few and short, whatever is in the database, and counted in full", () => {
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_each, index) => [`column${index}`, `'${"😀".repeat(60_000)}'`]));
    const steps = Array.from({ length: 300 }, (_each, index): RowStep => ({
      kind: "row",
      table: `t${index % 100}`,
      key: { id: String(index) },
      before: wide,
      after: null,
    }));
    const preview = shown(...steps);
    expect(JSON.stringify(preview).length).toBeLessThan(1_000_000);
    expect([preview.tables.length, preview.moreTables, preview.wayBackCount]).toEqual([bounds.previewTables, 80, 300]);
    expect(preview.tables[0]?.first[0]).toMatchObject({ moreCells: 388 });
    const cell = preview.tables[0]?.first[0]?.cells[0]?.before ?? "";
    expect(cell.length).toBeLessThanOrEqual(bounds.previewCell + 1);
    expect(cell.isWellFormed()).toBe(true);
  });

  it("are counted where nothing tells them apart", () => {
    const preview = triedRows(
      [{ shown: "shop.db", named: [], trial: { steps: [{ kind: "copies", table: "log", row: { at: "1" }, came: -3 }], marks: {} } }],
      7,
    );
    expect(preview.tables).toMatchObject([
      { table: "log", inserted: 0, deleted: 3, first: [{ kind: "deleted", key: "", cells: [{ before: "1", after: null }] }] },
    ]);
    expect(preview.wayBack).toEqual(["INSERT INTO log (at) VALUES (1) -- 3 of them, all alike"]);
  });

  it("come with what takes them back, the newest first", () => {
    const row = { id: "2", name: "'bob'" };
    const steps: RowStep[] = [
      { kind: "row", table: "users", key: { id: "1" }, before: { name: "'ada'" }, after: { name: "'x'" } },
      { kind: "row", table: "users", key: { id: "2" }, before: row, after: null },
      { kind: "row", table: "log", key: { id: "9" }, before: null, after: { id: "9" } },
    ];
    expect(shown(...steps).wayBack).toEqual([
      "DELETE FROM log WHERE id = 9",
      "INSERT INTO users (id, name) VALUES (2, 'bob')",
      "UPDATE users SET name = 'ada' WHERE id = 1",
    ]);
  });
});
