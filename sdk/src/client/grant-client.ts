import type { Grant, GrantOption, Page } from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import { path, type Transport } from "./transport.js";

/** What people granted beyond once. A grant is made by `resolve` with `grant`. Every method may throw `PullcordError`. */
export class GrantClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The newest first, ended ones too. */
  list(query: { readonly agent?: string } = {}, options: CallOptions = {}): Promise<Page<Grant>> {
    return this.#transport.json("GET", "/v1/grants", { query: { ...query }, signal: options.signal });
  }

  /** Takes a grant back, from the next decision on. */
  end(id: string): Promise<Grant> {
    return this.#transport.json("DELETE", path`/v1/grants/${id}`);
  }

  /** What an approval of this request could cover, the narrowest first. */
  async options(request: string, options: CallOptions = {}): Promise<readonly GrantOption[]> {
    const { items } = await this.#transport.json<{ items: readonly GrantOption[] }>(
      "GET",
      path`/v1/approval-requests/${request}/grant-options`,
      {
        signal: options.signal,
      },
    );
    return items;
  }
}
