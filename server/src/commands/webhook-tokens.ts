import { hash } from "node:crypto";
import { PullcordError, type IssuedWebhookToken, type IssueWebhookToken, type WebhookToken } from "@pullcord/sdk/protocol";
import { appendEntry } from "../store/audit.js";
import { insertWebhookToken, revokeWebhookToken } from "../store/webhook-tokens.js";
import type { Command } from "./context.js";

/** Begins every webhook token, so that secret scanners and people can tell it. */
export const webhookTokenPrefix = "pcw_";

/** Makes a token that can stop, or pause, one scope by notices of one kind, and nothing else. Only its hash is kept. */
export const makeWebhookToken: Command<IssueWebhookToken, IssuedWebhookToken> = async (
  { tx, now, actor, outside },
  { expiresInMs, ...wanted },
) => {
  const secret = `${webhookTokenPrefix}${outside.newSecret()}`;
  const expiresAt = expiresInMs === undefined ? null : now + expiresInMs;
  const token: WebhookToken = { ...wanted, id: outside.newId("webhook_tokens"), issuedAt: now, expiresAt, revokedAt: null };
  await insertWebhookToken(tx, token, hash("sha256", secret));
  const { id, name, kind, act, scope } = token;
  await appendEntry(tx, { type: "webhook_token.issued", at: now, actor, body: { id, name, kind, act, scope: { ...scope }, expiresAt } });
  return { ...token, secret, path: `/v1/webhooks/${kind}` };
};

export const endWebhookToken: Command<{ readonly id: string }, void> = async ({ tx, now, actor }, { id }) => {
  const name = await revokeWebhookToken(tx, id, now);
  if (name === undefined) throw new PullcordError("not_found", "unknown_token", `There is no webhook token ${id} in force.`);
  await appendEntry(tx, { type: "webhook_token.revoked", at: now, actor, body: { id, name } });
};
