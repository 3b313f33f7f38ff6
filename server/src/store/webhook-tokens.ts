import type { Scope, WebhookAct, WebhookKind, WebhookToken } from "@pullcord/sdk/protocol";
import { statement } from "./statement.js";
import type { Tables } from "./tables.js";
import type { Reader, Transaction } from "./transaction.js";

type TokenRow = Tables["webhook_tokens"];

const insert = statement<TokenRow, never>((db, value) =>
  db.insertInto("webhook_tokens").values({
    id: value("id"),
    token_hash: value("token_hash"),
    name: value("name"),
    kind: value("kind"),
    act: value("act"),
    scope: value("scope"),
    issued_at: value("issued_at"),
    expires_at: value("expires_at"),
    revoked_at: value("revoked_at"),
  }),
);
const byHash = statement<{ token_hash: string }, TokenRow>((db, value) =>
  db.selectFrom("webhook_tokens").selectAll().where("token_hash", "=", value("token_hash")),
);
const all = statement<Record<string, never>, TokenRow>((db) => db.selectFrom("webhook_tokens").selectAll().orderBy("issued_at", "desc"));
const revoke = statement<{ id: string; at: number }, { name: string }>((db, value) =>
  db
    .updateTable("webhook_tokens")
    .set({ revoked_at: value("at") })
    .where("id", "=", value("id"))
    .where("revoked_at", "is", null)
    .returning(["name"]),
);

export async function insertWebhookToken(tx: Transaction, token: WebhookToken, tokenHash: string): Promise<void> {
  const { id, name, kind, act, scope, issuedAt, expiresAt } = token;
  const row = { id, name, kind, act, scope: JSON.stringify(scope), issued_at: issuedAt, expires_at: expiresAt, revoked_at: null };
  await tx.all(insert, { ...row, token_hash: tokenHash });
}

/** The token with this hash if it still holds. */
export async function findWebhookToken(reader: Reader, tokenHash: string, now: number): Promise<WebhookToken | undefined> {
  const row = await reader.first(byHash, { token_hash: tokenHash });
  if (!row || row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return undefined;
  return tokenOf(row);
}

export async function listWebhookTokens(reader: Reader): Promise<WebhookToken[]> {
  return (await reader.all(all, {})).map(tokenOf);
}

/** The name of the webhook whose token it was; undefined when it is unknown or revoked already. */
export async function revokeWebhookToken(tx: Transaction, id: string, at: number): Promise<string | undefined> {
  return (await tx.first(revoke, { id, at }))?.name;
}

function tokenOf(row: TokenRow): WebhookToken {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as WebhookKind,
    act: row.act as WebhookAct,
    scope: JSON.parse(row.scope) as Scope,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}
