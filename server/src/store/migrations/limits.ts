import type { Kysely } from "kysely";

/** What agents use and what is usual for them, and the circuit breakers of limits. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("agents")
    .addColumn("tally", "text", (c) => c.notNull().defaultTo("{}"))
    .execute();
  await db.schema
    .createTable("breakers")
    .addColumn("owner_kind", "text", (c) => c.notNull())
    .addColumn("owner_id", "text", (c) => c.notNull())
    .addColumn("guardrail", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("due_at", "bigint")
    .addColumn("state", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("breakers_pk", ["owner_id", "owner_kind", "guardrail"])
    .execute();
  await db.schema.createIndex("breakers_due").on("breakers").columns(["due_at"]).execute();
}
