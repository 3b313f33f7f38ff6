import type { Kysely } from "kysely";

const text = "text";
const time = "bigint";

/** What a decision can be decided again from, the policies that were in force, and what a shadow would have decided. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("decided_facts")
    .addColumn("action_id", text, (c) => c.primaryKey())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("body", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("decided_facts_at").on("decided_facts").columns(["at", "action_id"]).execute();
  await db.schema
    .createTable("policy_versions")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("version", text, (c) => c.notNull())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("actor", text, (c) => c.notNull())
    .addColumn("reason", text)
    .addColumn("body", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("policy_versions_at").on("policy_versions").columns(["at", "id"]).execute();
  await db.schema.createIndex("policy_versions_version").on("policy_versions").column("version").execute();
  await db.schema
    .createTable("shadow_decisions")
    .addColumn("action_id", text, (c) => c.primaryKey())
    .addColumn("version", text, (c) => c.notNull())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("body", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("shadow_decisions_version").on("shadow_decisions").columns(["version", "at"]).execute();
}
