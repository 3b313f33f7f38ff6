import type { Kysely } from "kysely";

/** What agents handed in to be approved as a whole. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("plans")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("holds_until", "bigint")
    .addColumn("ended_at", "bigint")
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("plans_run").on("plans").columns(["run_id", "created_at"]).execute();
  await db.schema.createIndex("plans_open").on("plans").columns(["ended_at", "status", "expires_at"]).execute();
  await db.schema.createIndex("plans_at").on("plans").columns(["created_at", "id"]).execute();
}
