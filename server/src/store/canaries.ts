import type { Canary } from "@pullcord/sdk/protocol";
import { one, statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const insertCanaryRow = statement<Tables["canaries"], never>((db, value) =>
  db.insertInto("canaries").values({
    id: value("id"),
    agent: value("agent"),
    command: value("command"),
    planted_at: value("planted_at"),
    proven_at: value("proven_at"),
  }),
);
const canaryById = statement<{ id: string }, Tables["canaries"]>((db, value) =>
  db.selectFrom("canaries").selectAll().where("id", "=", value("id")),
);
const prove = statement<{ id: string; at: number }, never>((db, value) =>
  db
    .updateTable("canaries")
    .set({ proven_at: value("at") })
    .where("id", "=", value("id")),
);
const lastProof = statement<Record<string, never>, { proven_at: number | null }>((db) =>
  db.selectFrom("canaries").select("proven_at").where("proven_at", "is not", null).orderBy("proven_at", "desc").limit(one),
);

export async function insertCanary(tx: Transaction, canary: Canary): Promise<void> {
  await tx.all(insertCanaryRow, {
    id: canary.id,
    agent: canary.agent,
    command: canary.command,
    planted_at: canary.plantedAt,
    proven_at: null,
  });
}

export async function findCanary(reader: Reader, id: string): Promise<Canary | undefined> {
  const row = await reader.first(canaryById, { id });
  return row && { id: row.id, agent: row.agent, command: row.command, plantedAt: row.planted_at, provenAt: row.proven_at };
}

export async function proveCanary(tx: Transaction, id: string, at: number): Promise<void> {
  await tx.all(prove, { id, at });
}

export async function lastProvenAt(reader: Reader): Promise<number | null> {
  return (await reader.first(lastProof, {}))?.proven_at ?? null;
}
