import { sql, type Kysely } from "kysely";

/** Agent tokens that were made for one run, and end with it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("agent_tokens")
    .addColumn("is_for_run", "integer", (c) => c.notNull().defaultTo(sql`0`))
    .execute();
  await db.schema.alterTable("agent_tokens").addColumn("run_id", "text").execute();
  await db.schema.createIndex("agent_tokens_run").on("agent_tokens").column("run_id").execute();
}
