import { describe, expect, it } from "vitest";
import type { RowsPreview, TriedRows } from "@pullcord/sdk/protocol";
import { outgrown } from "./rows-preview.js";

const none = { inserted: 0, updated: 0, deleted: 0 };
type Counts = Readonly<Record<string, Partial<typeof none>>>;

function tried(tables: Counts, moreTables = 0): TriedRows {
  const told = Object.entries(tables).map(([table, counts]) => ({ database: "shop.db", table, ...none, ...counts, first: [] }));
  return { status: "tried", at: 0, tables: told, moreTables, structure: [], wayBack: [], wayBackCount: 0 };
}

describe("rows that change when an approval is used", () => {
  it.each<[shown: Counts, now: Counts, sentence: string | null]>([
    [{ orders: { updated: 12 } }, { orders: { updated: 12 } }, null],
    [{ orders: { updated: 12 } }, {}, null],
    [{ orders: { updated: 12 } }, { orders: { updated: 29 } }, null],
    [{ orders: { updated: 12 } }, { orders: { updated: 30 } }, "It would have 30 rows of orders updated now; 12 were shown."],
    [{ orders: { updated: 1 } }, { orders: { updated: 7 } }, null],
    [{ orders: { updated: 1 } }, { orders: { updated: 8 } }, "It would have 8 rows of orders updated now; 1 were shown."],
    [{ orders: { updated: 100 } }, { orders: { deleted: 6 } }, "It would have 6 rows of orders deleted now; 0 were shown."],
    [
      { orders: { updated: 1 } },
      { orders: { updated: 1 }, notes: { inserted: 1 } },
      "It would change 1 row of notes now, and none were shown.",
    ],
  ])("of %j, now %j: %s", (shown, now, sentence) => {
    expect(outgrown(tried(shown), tried(now))).toBe(sentence);
  });

  it("are not held against what nobody was shown, nor against tables that were only counted", () => {
    const now = tried({ orders: { deleted: 9_000 } });
    for (const shown of [undefined, { status: "trying" }, { status: "untried", why: "busy" }] satisfies (RowsPreview | undefined)[])
      expect(outgrown(shown, now)).toBeNull();
    expect(outgrown(tried({ users: { deleted: 1 } }, 1), tried({ notes: { inserted: 1 } }))).toBeNull();
  });

  it("of another database are other rows", () => {
    const [table] = tried({ orders: { deleted: 1 } }).tables;
    if (!table) throw new Error("no table");
    expect(outgrown(tried({ orders: { deleted: 1 } }), { ...tried({}), tables: [{ ...table, database: "live.db" }] })).toContain(
      "none were shown",
    );
  });
});
