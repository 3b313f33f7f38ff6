import type { Kysely } from "kysely";

const text = "text";

/** Stopped runs that a person let go on: the agent's next run takes over from them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("continuations")
    .addColumn("run_id", text, (c) => c.primaryKey())
    .addColumn("agent", text, (c) => c.notNull())
    .addColumn("external_id", text)
    .addColumn("working_directory", text)
    .addColumn("intervention_id", text, (c) => c.notNull())
    .addColumn("taken_by", text)
    .execute();
  await db.schema.createIndex("continuations_agent").on("continuations").columns(["agent", "taken_by"]).execute();
}
