import type { Kysely } from "kysely";

/** What became of what ended runs changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("run_reviews")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("run_reviews_run").on("run_reviews").columns(["run_id", "at"]).execute();
}
