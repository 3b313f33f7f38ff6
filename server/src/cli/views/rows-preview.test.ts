import { expect, it } from "vitest";
import type { TriedRows } from "@pullcord/sdk";
import { Screen } from "../screen/screen.js";
import { showRowsPreview, type RowsToShow } from "./rows-preview.js";

function shown(rows: TriedRows, more: Omit<RowsToShow, "rows"> = {}): string {
  let written = "";
  const output = { write: (text: string) => (written += text) };
  showRowsPreview(new Screen({ environment: {}, stdout: output, stderr: output } as unknown as ConstructorParameters<typeof Screen>[0]), {
    rows,
    ...more,
  });
  return written;
}

const none: TriedRows = { status: "tried", at: 0, tables: [], moreTables: 0, structure: [], wayBack: [], wayBackCount: 0 };

it("says that nothing is changed yet only while somebody decides, and which steps of a plan were left out", () => {
  const text = (more: Omit<RowsToShow, "rows"> = {}) => shown(none, more).replaceAll(/\s+/g, " ");
  expect(text()).toMatch(/none would change: tried at .+ and taken back, so nothing is changed yet $/);
  expect(text({ isDecided: true })).toMatch(/tried at .+ and taken back, before it was decided $/);
  expect(text({ without: [2] })).toContain("as the database was then, without step 2, which changes it first");
  expect(text({ without: [1, 3] })).toContain("without steps 1, 3, which change it first");
});

it("counts one thing in the singular, and more in the plural", () => {
  const tried = (more: number): TriedRows => {
    const first = [{ kind: "inserted", key: "1", cells: [{ column: "id", before: null, after: "1" }], moreCells: more }] as const;
    const tables = [{ database: "shop.db", table: "orders", inserted: 1, updated: 0, deleted: 0, first }];
    return { ...none, tables, moreTables: more };
  };
  expect(shown(tried(1))).toMatch(/and 1 more column$[^]*and 1 more table$/m);
  expect(shown(tried(2))).toMatch(/and 2 more columns$[^]*and 2 more tables$/m);
});
