import { sql, SqliteAdapter, type Kysely } from "kysely";

const text = "text";
const time = "bigint";

/** Version 1: everything. Columns are explained in `tables.ts`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.schema;
  await schema
    .createTable("meta")
    .addColumn("key", text, (c) => c.primaryKey())
    .addColumn("value", text, (c) => c.notNull())
    .execute();
  await people(db);
  await runs(db);
  await humanActs(db);
  await schema
    .createTable("idempotency_keys")
    .addColumn("principal", text, (c) => c.notNull())
    .addColumn("key", text, (c) => c.notNull())
    .addColumn("request_hash", text, (c) => c.notNull())
    .addColumn("answer", text, (c) => c.notNull())
    .addColumn("at", time, (c) => c.notNull())
    .addPrimaryKeyConstraint("idempotency_keys_pk", ["principal", "key"])
    .execute();
  await schema.createIndex("idempotency_keys_at").on("idempotency_keys").column("at").execute();
  await audit(db);
}

async function people(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("agents")
    .addColumn("name", text, (c) => c.primaryKey())
    .addColumn("trust_tier", text, (c) => c.notNull())
    .addColumn("first_seen_at", time, (c) => c.notNull())
    .addColumn("runs", "integer", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("people")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("role", text, (c) => c.notNull())
    .addColumn("created_at", time, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("sessions")
    .addColumn("token_hash", text, (c) => c.primaryKey())
    .addColumn("person_id", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("request_token", text, (c) => c.notNull())
    .addColumn("created_at", time, (c) => c.notNull())
    .addColumn("expires_at", time, (c) => c.notNull())
    .addColumn("ended_at", time)
    .execute();
  await db.schema
    .createTable("sign_in_codes")
    .addColumn("code_hash", text, (c) => c.primaryKey())
    .addColumn("person_id", text, (c) => c.notNull())
    .addColumn("expires_at", time, (c) => c.notNull())
    .addColumn("used_at", time)
    .execute();
  await db.schema
    .createTable("agent_tokens")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("token_hash", text, (c) => c.notNull().unique())
    .addColumn("agent", text, (c) => c.notNull())
    .addColumn("issued_at", time, (c) => c.notNull())
    .addColumn("expires_at", time)
    .addColumn("revoked_at", time)
    .execute();
}

async function runs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("runs")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("agent", text, (c) => c.notNull())
    .addColumn("token_id", text, (c) => c.notNull())
    .addColumn("external_id", text)
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("opened_at", time, (c) => c.notNull())
    .addColumn("last_activity_at", time, (c) => c.notNull())
    .addColumn("opening", text, (c) => c.notNull())
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("progress", text)
    .addColumn("tally", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("runs_external").on("runs").columns(["agent", "external_id"]).unique().execute();
  await db.schema.createIndex("runs_status").on("runs").columns(["status", "opened_at", "id"]).execute();
  await db.schema.createIndex("runs_opened").on("runs").columns(["opened_at", "id"]).execute();
  await db.schema
    .createTable("actions")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("agent", text, (c) => c.notNull())
    .addColumn("digest", text, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("effect", text)
    .addColumn("external_id", text)
    .addColumn("proposed_at", time, (c) => c.notNull())
    .addColumn("body", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("actions_run").on("actions").columns(["run_id", "proposed_at", "id"]).execute();
  // Few actions wait at any time; each proposal is looked up among them. The condition is the very text of the queries'.
  await sql`create index actions_unstarted on actions (run_id, digest) where status in ('held', 'waiting', 'approved')`.execute(db);
  await db.schema
    .createTable("approval_requests")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("action_id", text, (c) => c.notNull())
    .addColumn("agent", text, (c) => c.notNull())
    .addColumn("level", text, (c) => c.notNull())
    .addColumn("priority", "integer", (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("created_at", time, (c) => c.notNull())
    .addColumn("expires_at", time, (c) => c.notNull())
    .addColumn("consumed_at", time)
    .addColumn("resolution", text)
    .execute();
  await db.schema.createIndex("approval_requests_status").on("approval_requests").columns(["status", "created_at", "id"]).execute();
  await db.schema.createIndex("approval_requests_run").on("approval_requests").columns(["run_id", "created_at", "id"]).execute();
  await sql`create index approval_requests_due on approval_requests (expires_at) where status = 'pending'`.execute(db);
  await db.schema
    .createTable("run_log")
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("seq", time, (c) => c.notNull())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("stream", text, (c) => c.notNull())
    .addColumn("text", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("run_log_pk", ["run_id", "seq"])
    .execute();
}

async function humanActs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("interventions")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("body", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("interventions_at").on("interventions").columns(["at", "id"]).execute();
  await db.schema
    .createTable("intervention_runs")
    .addColumn("intervention_id", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("intervention_runs_pk", ["run_id", "intervention_id"])
    .execute();
  await db.schema
    .createTable("instructions")
    .addColumn("intervention_id", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("text", text, (c) => c.notNull())
    .addColumn("queued_at", time, (c) => c.notNull())
    .addColumn("handed_at", time)
    .addColumn("delivered_at", time)
    .addPrimaryKeyConstraint("instructions_pk", ["run_id", "intervention_id"])
    .execute();
  await db.schema
    .createTable("autonomy_settings")
    .addColumn("scope_kind", text, (c) => c.notNull())
    .addColumn("scope_id", text, (c) => c.notNull())
    .addColumn("level", text, (c) => c.notNull())
    .addColumn("set_at", time, (c) => c.notNull())
    .addPrimaryKeyConstraint("autonomy_settings_pk", ["scope_kind", "scope_id"])
    .execute();
  await db.schema
    .createTable("break_glass")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("expires_at", time, (c) => c.notNull())
    .addColumn("ended_at", time)
    .addColumn("actions", "integer", (c) => c.notNull())
    .addColumn("body", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("break_glass_at").on("break_glass").columns(["at", "id"]).execute();
  await db.schema.createIndex("break_glass_expires").on("break_glass").column("expires_at").execute();
  await db.schema
    .createTable("presence_checks")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("person_id", text, (c) => c.notNull())
    .addColumn("digest", text, (c) => c.notNull())
    .addColumn("begun_at", time, (c) => c.notNull())
    .addColumn("last_sample_at", time, (c) => c.notNull())
    .addColumn("hold_ms", "integer", (c) => c.notNull())
    .addColumn("expires_at", time, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("proof_hash", text, (c) => c.unique())
    .execute();
  await db.schema
    .createTable("canaries")
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("agent", text, (c) => c.notNull())
    .addColumn("command", text, (c) => c.notNull())
    .addColumn("planted_at", time, (c) => c.notNull())
    .addColumn("proven_at", time)
    .execute();
}

async function audit(db: Kysely<unknown>): Promise<void> {
  // Only under this very name does SQLite number its rows by the column; else it keeps an index beside them.
  const number = db.getExecutor().adapter instanceof SqliteAdapter ? "integer" : "bigint";
  await db.schema
    .createTable("audit_entries")
    .addColumn("seq", number, (c) => c.primaryKey())
    .addColumn("at", time, (c) => c.notNull())
    .addColumn("type", text, (c) => c.notNull())
    .addColumn("actor_kind", text, (c) => c.notNull())
    .addColumn("actor_id", text, (c) => c.notNull())
    .addColumn("actor_via", text)
    .addColumn("run_id", text)
    .addColumn("action_id", text)
    .addColumn("body", text, (c) => c.notNull())
    .addColumn("leaf_hash", text, (c) => c.notNull())
    .addColumn("head", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("audit_entries_type").on("audit_entries").columns(["type", "seq"]).execute();
  await db.schema.createIndex("audit_entries_run").on("audit_entries").columns(["run_id", "seq"]).execute();
}
