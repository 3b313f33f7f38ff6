import { PullcordError } from "@pullcord/sdk/protocol";
import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { up as continuations } from "./migrations/continuations.js";
import { up as first } from "./migrations/first.js";
import { up as grants } from "./migrations/grants.js";
import { up as planRowsPreviews } from "./migrations/plan-rows-previews.js";
import { up as plans } from "./migrations/plans.js";
import { up as limits } from "./migrations/limits.js";
import { up as policyHistory } from "./migrations/policy-history.js";
import { up as rowsPreviews } from "./migrations/rows-previews.js";
import { up as runReviews } from "./migrations/run-reviews.js";
import { up as runTokens } from "./migrations/run-tokens.js";
import { up as trust } from "./migrations/trust.js";
import { up as undos } from "./migrations/undos.js";
import { up as webhookTokens } from "./migrations/webhook-tokens.js";
import type { Tables } from "./tables.js";

/** Forward only. The key's number is the schema version; add, never change. */
const migrations = {
  "0001-first": { up: first },
  "0002-undos": { up: undos },
  "0003-trust": { up: trust },
  "0004-webhook-tokens": { up: webhookTokens },
  "0005-policy-history": { up: policyHistory },
  "0006-continuations": { up: continuations },
  "0007-grants": { up: grants },
  "0008-run-reviews": { up: runReviews },
  "0009-plans": { up: plans },
  "0010-run-tokens": { up: runTokens },
  "0011-limits": { up: limits },
  "0012-rows-previews": { up: rowsPreviews },
  "0013-plan-rows-previews": { up: planRowsPreviews },
} as const;

/**
 * Brings a database to this version.
 * @throws PullcordError `conflict`/`newer_database` when a newer Pullcord has been here: it is left untouched
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const unknown = await unknownMigrations(db);
  if (unknown.length > 0) {
    const text = `This database was written by a newer Pullcord (${unknown.join(", ")}). Start that version, or name another folder with --data.`;
    throw new PullcordError("conflict", "newer_database", text);
  }
  const { error } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error("The migration failed.", { cause: error });
}

async function unknownMigrations(db: Kysely<Tables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const applied = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom("kysely_migration")
    .select("name")
    .execute();
  return applied.map((row) => row.name).filter((name) => !(name in migrations));
}
