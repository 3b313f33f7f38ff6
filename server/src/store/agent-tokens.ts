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
    is_for_run: value("is_for_run"),
    run_id: value("run_id"),
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

const bind = statement<{ id: string; run_id: string }, { id: string }>((db, value) =>
  db
    .updateTable("agent_tokens")
    .set({ run_id: value("run_id") })
    .where("id", "=", value("id"))
    .where("is_for_run", "=", 1)
    .where("run_id", "is", null)
    .returning("id"),
);
const runOf = statement<{ id: string }, { run_id: string | null }>((db, value) =>
  db.selectFrom("agent_tokens").select("run_id").where("id", "=", value("id")),
);
const revokeOfRun = statement<{ run_id: string; at: number }, { id: string; agent: string }>((db, value) =>
  db
    .updateTable("agent_tokens")
    .set({ revoked_at: value("at") })
    .where("run_id", "=", value("run_id"))
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
    is_for_run: token.isForRun ? 1 : 0,
    run_id: null,
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

/** True when the token was made for one run, and this is the first that it opens. */
export async function bindAgentToken(tx: Transaction, { tokenId, runId }: { tokenId: string; runId: string }): Promise<boolean> {
  return (await tx.first(bind, { id: tokenId, run_id: runId })) !== undefined;
}

/** The run that a token was made for; undefined for a token of no run in particular. */
export async function runOfToken(reader: Reader, tokenId: string): Promise<string | undefined> {
  return (await reader.first(runOf, { id: tokenId }))?.run_id ?? undefined;
}

/** The token that was made for this run, if it still held. */
export function revokeTokenOfRun(
  tx: Transaction,
  { runId, at }: { readonly runId: string; readonly at: number },
): Promise<{ id: string; agent: string } | undefined> {
  return tx.first(revokeOfRun, { run_id: runId, at });
}

function tokenOf(row: TokenRow): AgentToken {
  const { id, agent, issued_at: issuedAt, expires_at: expiresAt, revoked_at: revokedAt } = row;
  return { id, agent, issuedAt, expiresAt, revokedAt, isForRun: row.is_for_run === 1 };
}
