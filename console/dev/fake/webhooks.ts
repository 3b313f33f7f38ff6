import { PullcordError, type IssuedWebhookToken, type IssueWebhookToken } from "@pullcord/sdk/protocol";
import { id } from "./actions.js";
import { record, type FakeState } from "./state.js";

export function makeWebhook(state: FakeState, { expiresInMs, ...wanted }: IssueWebhookToken): IssuedWebhookToken {
  const issuedAt = Date.now();
  const token = { ...wanted, id: id("w"), issuedAt, expiresAt: expiresInMs === undefined ? null : issuedAt + expiresInMs, revokedAt: null };
  state.webhooks.unshift(token);
  record(state, "webhook_token.issued", { body: { id: token.id, name: token.name } });
  return { ...token, secret: "pcw_3vYtq8Zk1mN7rXb0sLdW", path: `/v1/webhooks/${token.kind}` };
}

export function endWebhook(state: FakeState, token: string): void {
  const at = state.webhooks.findIndex((one) => one.id === token);
  const found = state.webhooks[at];
  if (!found) throw new PullcordError("not_found", "unknown_token", "There is no such token.");
  state.webhooks[at] = { ...found, revokedAt: Date.now() };
  record(state, "webhook_token.revoked", { body: { id: token } });
}
