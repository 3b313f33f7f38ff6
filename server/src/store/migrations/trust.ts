import type { Kysely } from "kysely";

/** What agents earn and lose, by type of action, and how that came about (P33 to P39). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("agents")
    .addColumn("capabilities", "text", (c) => c.notNull().defaultTo("{}"))
    .execute();
  await db.schema
    .createTable("trust_history")
    .addColumn("agent", "text", (c) => c.notNull())
    .addColumn("capability", "text", (c) => c.notNull())
    .addColumn("hour", "bigint", (c) => c.notNull())
    .addColumn("score", "double precision", (c) => c.notNull())
    .addColumn("tier", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("trust_history_pk", ["agent", "capability", "hour"])
    .execute();
}
