import type { IssuedWebhookToken, IssueWebhookToken, Page, WebhookToken } from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import { path, type Transport } from "./transport.js";

/** Tokens of other systems, whose notices stop or pause one scope. Every method may throw `PullcordError`. */
export class WebhookClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  makeToken(wanted: IssueWebhookToken): Promise<IssuedWebhookToken> {
    return this.#transport.json("POST", "/v1/webhook-tokens", { body: wanted });
  }

  listTokens(options: CallOptions = {}): Promise<Page<WebhookToken>> {
    return this.#transport.json("GET", "/v1/webhook-tokens", { signal: options.signal });
  }

  revokeToken(id: string): Promise<void> {
    return this.#transport.json("DELETE", path`/v1/webhook-tokens/${id}`);
  }
}
