import type { ActOnBreaker, Breaker, LimitStanding, Page } from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import type { Transport } from "./transport.js";

/** What runs and agents may use up, and the circuit breakers of these limits. Every method may throw `PullcordError`. */
export class LimitClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The limits of a run and of its agent, or of an agent alone: what is allowed, what is used, how the breakers stand. */
  async of(whose: { readonly run: string } | { readonly agent: string }, options: CallOptions = {}): Promise<readonly LimitStanding[]> {
    const { items } = await this.#transport.json<{ items: readonly LimitStanding[] }>("GET", "/v1/limits", {
      query: { ...whose },
      signal: options.signal,
    });
    return items;
  }

  /** Breakers that are open, half-open or held. */
  breakers(options: CallOptions = {}): Promise<Page<Breaker>> {
    return this.#transport.json("GET", "/v1/breakers", { signal: options.signal });
  }

  /**
   * Counts a limit anew, holds its breaker or releases it; what the limit had paused goes on.
   * @throws PullcordError `not_found`/`unknown_guardrail`; `conflict`/`not_held`
   */
  act(act: ActOnBreaker): Promise<Breaker> {
    return this.#transport.json("POST", "/v1/breaker-acts", { body: act });
  }
}
