import type { TrustTier } from "@pullcord/sdk/protocol";
import type { Trust } from "../domain/earned-trust.js";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const upsertAgent = statement<Tables["agents"], never>((db, value) =>
  db
    .insertInto("agents")
    .values({
      name: value("name"),
      trust_tier: value("trust_tier"),
      first_seen_at: value("first_seen_at"),
      runs: value("runs"),
      capabilities: value("capabilities"),
    })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({ trust_tier: value("trust_tier"), runs: value("runs"), capabilities: value("capabilities") }),
    ),
);
const agentByName = statement<{ name: string }, Tables["agents"]>((db, value) =>
  db.selectFrom("agents").selectAll().where("name", "=", value("name")),
);
const allAgents = statement<Record<string, never>, Tables["agents"]>((db) => db.selectFrom("agents").selectAll().orderBy("name"));

export interface StoredAgent {
  readonly name: string;
  readonly trust: Trust;
  readonly firstSeenAt: number;
  runs: number;
}

export async function saveAgent(tx: Transaction, agent: StoredAgent): Promise<void> {
  const { name, trust, firstSeenAt, runs } = agent;
  const capabilities = JSON.stringify(trust.capabilities);
  await tx.all(upsertAgent, { name, trust_tier: trust.tier, first_seen_at: firstSeenAt, runs, capabilities });
}

export async function findAgent(reader: Reader, name: string): Promise<StoredAgent | undefined> {
  const row = await reader.first(agentByName, { name });
  return row && agentOf(row);
}

export async function listAgents(reader: Reader): Promise<StoredAgent[]> {
  return (await reader.all(allAgents, {})).map(agentOf);
}

function agentOf(row: Tables["agents"]): StoredAgent {
  const capabilities = JSON.parse(row.capabilities) as Trust["capabilities"];
  return { name: row.name, trust: { tier: row.trust_tier as TrustTier, capabilities }, firstSeenAt: row.first_seen_at, runs: row.runs };
}
