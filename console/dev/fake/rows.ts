import type { ApprovalRequest, CellPreview, Plan, RowPreview, RowsPreview } from "@pullcord/sdk/protocol";

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

/** What trials of a plan's steps came to; the second adds what the first has not made room for. */
export function sampleStepRows(now: number, place: number): RowsPreview {
  if (place > 0) return { status: "untried", why: "The database refused it when it was tried: column rates.country does not exist." };
  const rate = (id: number, after: string): RowPreview => ({
    kind: "updated",
    key: String(id),
    cells: [cell("rate", "0.20", after)],
    moreCells: 0,
  });
  const told = { inserted: 0, updated: 2, deleted: 0, first: [rate(1, "0.19"), rate(2, "0.25")] };
  const wayBack = [1, 2].map((id) => `UPDATE rates SET rate = '0.20' WHERE id = ${id}`);
  const tables = [{ database: "shop_staging", table: "rates", ...told }];
  return { status: "tried", at: now, tables, moreTables: 0, structure: [], wayBack, wayBackCount: wayBack.length };
}

/** A list tells how many; which, one request tells. */
export function listed(request: ApprovalRequest): ApprovalRequest {
  return request.rows ? { ...request, rows: counted(request.rows) } : request;
}

/** The same of a plan's steps. */
export function listedPlan(plan: Plan): Plan {
  return { ...plan, steps: plan.steps.map((step) => (step.rows ? { ...step, rows: counted(step.rows) } : step)) };
}

function counted(rows: RowsPreview): RowsPreview {
  return rows.status === "tried" ? { ...rows, tables: rows.tables.map((table) => ({ ...table, first: [] })) } : rows;
}
