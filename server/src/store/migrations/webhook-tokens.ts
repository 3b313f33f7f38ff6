import type { Kysely } from "kysely";

const text = "text";
const time = "bigint";

/** Tokens of webhooks that may stop or pause. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("webhook_tokens")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("token_hash", text, (c) => c.notNull().unique())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("act", text, (c) => c.notNull())
    .addColumn("scope", text, (c) => c.notNull())
    .addColumn("issued_at", time, (c) => c.notNull())
    .addColumn("expires_at", time)
    .addColumn("revoked_at", time)
    .execute();
}
