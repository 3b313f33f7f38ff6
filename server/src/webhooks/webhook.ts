import type { JsonObject, WebhookKind } from "@pullcord/sdk/protocol";

/** What a notice says that matters here. Anything else in it is left alone. */
export interface Signal {
  /** Names what happened, so that the same notice sent again stops nothing a second time. */
  readonly key: string;
  /** For the record and for people; what others wrote, so attacker-controlled. */
  readonly reason: string;
}

/** A kind of notice. Null: nothing to act on. Nothing ever resumes by a notice: that is for people. */
export interface Webhook {
  readonly kind: WebhookKind;
  /** @throws PullcordError `invalid`/`unknown_notice` for what is none of this kind */
  readonly parse: (body: JsonObject) => Signal | null;
}
