import { expect, it } from "vitest";
import type { TriedRows } from "@pullcord/sdk";
import { Screen } from "../screen/screen.js";
import { showRowsPreview } from "./rows-preview.js";

function shown(rows: TriedRows): string {
  let written = "";
  const output = { write: (text: string) => (written += text) };
  showRowsPreview(
    new Screen({ environment: {}, stdout: output, stderr: output } as unknown as ConstructorParameters<typeof Screen>[0]),
    rows,
  );
  return written;
}

it("counts one thing in the singular, and more in the plural", () => {
  const tried = (more: number): TriedRows => {
    const first = [{ kind: "inserted", key: "1", cells: [{ column: "id", before: null, after: "1" }], moreCells: more }] as const;
    const tables = [{ database: "shop.db", table: "orders", inserted: 1, updated: 0, deleted: 0, first }];
    return { status: "tried", at: 0, tables, moreTables: more, structure: [], wayBack: [], wayBackCount: 0 };
  };
  expect(shown(tried(1))).toMatch(/and 1 more column$[^]*and 1 more table$/m);
  expect(shown(tried(2))).toMatch(/and 2 more columns$[^]*and 2 more tables$/m);
});
