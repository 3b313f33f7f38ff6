import type { PreviewedStep } from "../domain/plans/rows.js";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type Row = Tables["plan_rows_previews"];

/** What people are shown of the rows that a plan's steps would change. Beside the plan, whose agent must never read it. */
export interface StoredPlanRows {
  /** Of the plan as it stood then. */
  readonly digest: string;
  /** When it was asked for. */
  readonly at: number;
  readonly steps: readonly PreviewedStep[];
}

const insert = statement<Row, never>((db, value) =>
  db.insertInto("plan_rows_previews").values({ plan_id: value("plan_id"), digest: value("digest"), at: value("at"), body: value("body") }),
);

const update = statement<Row, never>((db, value) =>
  db
    .updateTable("plan_rows_previews")
    .set({ body: value("body") })
    .where("plan_id", "=", value("plan_id"))
    .where("digest", "=", value("digest"))
    .where("at", "=", value("at")),
);

const byPlan = statement<{ plan_id: string }, Omit<Row, "plan_id">>((db, value) =>
  db.selectFrom("plan_rows_previews").select(["digest", "at", "body"]).where("plan_id", "=", value("plan_id")),
);

const remove = statement<{ plan_id: string }, never>((db, value) =>
  db.deleteFrom("plan_rows_previews").where("plan_id", "=", value("plan_id")),
);

const forget = statement<{ before: number }, never>((db, value) => db.deleteFrom("plan_rows_previews").where("at", "<", value("before")));

/** From now on these hold for the plan; those of how it stood before are gone. */
export async function beginPlanRows(tx: Transaction, planId: string, { digest, at, steps }: StoredPlanRows): Promise<void> {
  await removePlanRows(tx, planId);
  if (steps.length > 0) await tx.all(insert, { plan_id: planId, digest, at, body: JSON.stringify(steps) });
}

/** Nothing where they were asked for anew since. */
export async function savePlanRows(tx: Transaction, planId: string, { digest, at, steps }: StoredPlanRows): Promise<void> {
  await tx.all(update, { plan_id: planId, digest, at, body: JSON.stringify(steps) });
}

export async function findPlanRows(reader: Reader, planId: string): Promise<StoredPlanRows | undefined> {
  const row = await reader.first(byPlan, { plan_id: planId });
  return row && { digest: row.digest, at: row.at, steps: JSON.parse(row.body) as PreviewedStep[] };
}

export async function removePlanRows(tx: Transaction, planId: string): Promise<void> {
  await tx.all(remove, { plan_id: planId });
}

/** Goes with the decisions of that time. */
export async function forgetPlanRows(tx: Transaction, before: number): Promise<void> {
  await tx.all(forget, { before });
}
