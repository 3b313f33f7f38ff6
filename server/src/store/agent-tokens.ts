import type { AgentToken } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type TokenRow = Tables["agent_tokens"];

const insert = statement<TokenRow, never>((db, value) =>
  db.insertInto("agent_tokens").values({
    id: value("id"),
    token_hash: value("token_hash"),
    agent: value("agent"),
    issued_at: value("issued_at"),
    expires_at: value("expires_at"),
    revoked_at: value("revoked_at"),
  }),
);
const byHash = statement<{ token_hash: string }, TokenRow>((db, value) =>
  db.selectFrom("agent_tokens").selectAll().where("token_hash", "=", value("token_hash")),
);
const all = statement<Record<string, never>, TokenRow>((db) => db.selectFrom("agent_tokens").selectAll().orderBy("issued_at", "desc"));
const revoke = statement<{ id: string; at: number }, { id: string; agent: string }>((db, value) =>
  db
    .updateTable("agent_tokens")
    .set({ revoked_at: value("at") })
    .where("id", "=", value("id"))
    .where("revoked_at", "is", null)
    .returning(["id", "agent"]),
);

export async function insertAgentToken(tx: Transaction, token: AgentToken, tokenHash: string): Promise<void> {
  await tx.all(insert, {
    id: token.id,
    token_hash: tokenHash,
    agent: token.agent,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
    revoked_at: null,
  });
}

/** The token with this hash if it still holds. */
export async function findAgentToken(reader: Reader, tokenHash: string, now: number): Promise<AgentToken | undefined> {
  const row = await reader.first(byHash, { token_hash: tokenHash });
  if (!row || row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return undefined;
  return tokenOf(row);
}

export async function listAgentTokens(reader: Reader): Promise<AgentToken[]> {
  return (await reader.all(all, {})).map(tokenOf);
}

/** The agent whose token it was; undefined when it is unknown or revoked already. */
export async function revokeAgentToken(tx: Transaction, id: string, at: number): Promise<string | undefined> {
  return (await tx.first(revoke, { id, at }))?.agent;
}

function tokenOf(row: TokenRow): AgentToken {
  return { id: row.id, agent: row.agent, issuedAt: row.issued_at, expiresAt: row.expires_at, revokedAt: row.revoked_at };
}
