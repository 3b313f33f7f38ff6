import type { ApprovalRequest, CellPreview, RowPreview, RowsPreview } from "@pullcord/sdk/protocol";

const cell = (column: string, before: string | null, after: string | null): CellPreview => ({ column, before, after });

/** What a trial of the archiving UPDATE came to, a trigger's notes included. */
export function sampleRows(now: number): RowsPreview {
  const orders = [10_017, 10_018, 10_023, 10_031, 10_040];
  const archived = (id: number): RowPreview => ({
    kind: "updated",
    key: String(id),
    cells: [cell("status", "delivered", "archived")],
    moreCells: 0,
  });
  const told = (id: number, place: number): RowPreview => ({
    kind: "inserted",
    key: String(88_120 + place),
    cells: [cell("order_id", null, String(id)), cell("said", null, "archived by migration"), cell("session_token", null, "[secret]")],
    moreCells: 3,
  });
  const gone: RowPreview = {
    kind: "deleted",
    key: "4,10017",
    cells: [
      cell("cart", "4", null),
      cell("order_id", "10017", null),
      cell("note", "Ring twice, \u202eplease\u202c; the dog is friendly", null),
    ],
    moreCells: 0,
  };
  const database = "shop_staging";
  return {
    status: "tried",
    at: now - 2 * 60_000,
    tables: [
      { database, table: "orders", inserted: 0, updated: 412, deleted: 0, first: orders.map(archived) },
      { database, table: "order_notes", inserted: 412, updated: 0, deleted: 0, first: orders.slice(0, 2).map(told) },
      { database, table: "cart_orders", inserted: 0, updated: 0, deleted: 1, first: [gone] },
    ],
    moreTables: 0,
    structure: [],
    wayBack: [
      `INSERT INTO cart_orders (cart, order_id, note) VALUES (4, 10017, 'Ring twice, please; the dog is friendly')`,
      ...orders.slice(0, 4).map((id) => `UPDATE orders SET status = 'delivered' WHERE id = ${id}`),
    ],
    wayBackCount: 825,
  };
}

/** A list tells how many; which, one request tells. */
export function listed(request: ApprovalRequest): ApprovalRequest {
  const { rows } = request;
  if (rows?.status !== "tried") return request;
  return { ...request, rows: { ...rows, tables: rows.tables.map((table) => ({ ...table, first: [] })) } };
}
