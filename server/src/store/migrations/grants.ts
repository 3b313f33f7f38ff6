import type { Kysely } from "kysely";

/** What people granted beyond once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("grants")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("agent", "text", (c) => c.notNull())
    .addColumn("at", "bigint", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .addColumn("ended_at", "bigint")
    .addColumn("body", "text", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("grants_agent").on("grants").columns(["agent", "expires_at"]).execute();
  await db.schema.createIndex("grants_at").on("grants").columns(["at", "id"]).execute();
}
