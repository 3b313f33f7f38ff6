import type { Scope } from "./intervention.js";

/** Whose notices a webhook understands. */
export const webhookKinds = ["alertmanager", "pagerduty", "feature-flag"] as const;
export type WebhookKind = (typeof webhookKinds)[number];

/** What a webhook may do, and nothing else. */
export const webhookActs = ["stop", "pause"] as const;
export type WebhookAct = (typeof webhookActs)[number];

export interface IssueWebhookToken {
  /** Who calls, for the record: `webhook NAME`. */
  readonly name: string;
  readonly kind: WebhookKind;
  readonly act: WebhookAct;
  readonly scope: Scope;
  readonly expiresInMs?: number;
}

/** A token that can only stop or only pause its scope (E69, E70). */
export interface WebhookToken extends Omit<IssueWebhookToken, "expiresInMs"> {
  readonly id: string;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

/** A webhook token that was just made; its secret is shown this once. */
export interface IssuedWebhookToken extends WebhookToken {
  readonly secret: string;
  /** Where to send notices to, below the server's address. */
  readonly path: string;
}

/** What a notice led to. */
export interface WebhookAnswer {
  /** Null where the notice asked for nothing: resolved, switched off, a test. */
  readonly interventionId: string | null;
  readonly sentence: string;
}
