import type { RowsPreview } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["rows_previews"];

/** What people are shown of an action's rows. Beside the action, whose agent must never read it. */
export interface StoredRowsPreview {
  /** When it was asked for. */
  readonly at: number;
  readonly preview: RowsPreview;
}

const insert = statement<Row, never>((db, value) =>
  db.insertInto("rows_previews").values({ action_id: value("action_id"), at: value("at"), body: value("body") }),
);

const update = statement<{ action_id: string; body: string }, never>((db, value) =>
  db
    .updateTable("rows_previews")
    .set({ body: value("body") })
    .where("action_id", "=", value("action_id")),
);

const byAction = statement<{ action_id: string }, Pick<Row, "at" | "body">>((db, value) =>
  db.selectFrom("rows_previews").select(["at", "body"]).where("action_id", "=", value("action_id")),
);

const remove = statement<{ action_id: string }, never>((db, value) =>
  db.deleteFrom("rows_previews").where("action_id", "=", value("action_id")),
);

const forget = statement<{ before: number }, never>((db, value) => db.deleteFrom("rows_previews").where("at", "<", value("before")));

/** From now on the rows are being previewed. */
export async function beginRowsPreview(tx: Transaction, actionId: string, at: number): Promise<void> {
  await tx.all(insert, { action_id: actionId, at, body: JSON.stringify({ status: "trying" } satisfies RowsPreview) });
}

export async function saveRowsPreview(tx: Transaction, actionId: string, preview: RowsPreview): Promise<void> {
  await tx.all(update, { action_id: actionId, body: JSON.stringify(preview) });
}

export async function findRowsPreview(reader: Reader, actionId: string): Promise<StoredRowsPreview | undefined> {
  const row = await reader.first(byAction, { action_id: actionId });
  return row && { at: row.at, preview: JSON.parse(row.body) as RowsPreview };
}

export async function removeRowsPreview(tx: Transaction, actionId: string): Promise<void> {
  await tx.all(remove, { action_id: actionId });
}

/** Goes with the decisions of that time. */
export async function forgetRowsPreviews(tx: Transaction, before: number): Promise<void> {
  await tx.all(forget, { before });
}
