import type { Kysely } from "kysely";

/** What people were shown of the rows that an action would change. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("rows_previews")
    .addColumn("action_id", "text", (c) => c.primaryKey())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("rows_previews_at").on("rows_previews").column("at").execute();
}
