import type { TrustTier } from "@pullcord/sdk/protocol";
import { noTrust, type Trust } from "../domain/earned-trust.js";
import { emptyAgentTally, type AgentTally } from "../domain/limits/agent-tally.js";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

const upsertAgent = statement<Omit<Tables["agents"], "tally">, never>((db, value) =>
  db
    .insertInto("agents")
    .values({
      name: value("name"),
      trust_tier: value("trust_tier"),
      first_seen_at: value("first_seen_at"),
      runs: value("runs"),
      capabilities: value("capabilities"),
      tally: "{}",
    })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({ trust_tier: value("trust_tier"), runs: value("runs"), capabilities: value("capabilities") }),
    ),
);
const updateTally = statement<Pick<Tables["agents"], "name" | "tally">, never>((db, value) =>
  db
    .updateTable("agents")
    .set({ tally: value("tally") })
    .where("name", "=", value("name")),
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
  readonly tally: AgentTally;
}

/** An agent that is seen for the first time: at the lowest tier (P33). */
export function newAgent(name: string, now: number): StoredAgent {
  return { name, trust: noTrust, firstSeenAt: now, runs: 0, tally: emptyAgentTally };
}

/** Keeps everything but the tally. */
export async function saveAgent(tx: Transaction, agent: Omit<StoredAgent, "tally">): Promise<void> {
  const { name, trust, firstSeenAt, runs } = agent;
  const capabilities = JSON.stringify(trust.capabilities);
  await tx.all(upsertAgent, { name, trust_tier: trust.tier, first_seen_at: firstSeenAt, runs, capabilities });
}

/** Keeps what an agent has used, apart from the rest: it changes with every action. */
export async function saveAgentTally(tx: Transaction, name: string, tally: AgentTally): Promise<void> {
  await tx.all(updateTally, { name, tally: JSON.stringify(tally) });
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
  // An agent of an earlier version counts from here on.
  const tally = { ...emptyAgentTally, ...(JSON.parse(row.tally) as Partial<AgentTally>) };
  const trust = { tier: row.trust_tier as TrustTier, capabilities };
  return { name: row.name, trust, firstSeenAt: row.first_seen_at, runs: row.runs, tally };
}
