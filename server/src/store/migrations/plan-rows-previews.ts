import type { Kysely } from "kysely";

/** What people were shown of the rows that the steps of a plan would change, as it stood. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("plan_rows_previews")
    .addColumn("plan_id", "text", (c) => c.primaryKey())
    .addColumn("digest", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("plan_rows_previews_at").on("plan_rows_previews").column("at").execute();
}
