import type {
  Backtest,
  Page,
  PolicyCheck,
  PolicyHelp,
  PolicyInForce,
  PolicyShadow,
  PolicySuggestion,
  PolicyVersion,
  ReplacePolicy,
} from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import type { PageQuery } from "./queries.js";
import { path, type Transport } from "./transport.js";

/** History takes its time: what a backtest or proposing rules may take beyond any other call, in milliseconds. */
const historyMs = 120_000;

/** The action policy: what is in force, what would change, what was. Every method may throw `PullcordError`. */
export class PolicyClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Puts a text in force. @throws PullcordError `invalid`/`policy` with the line; `conflict`/`policy_changed` */
  replace(replace: ReplacePolicy): Promise<PolicyInForce> {
    return this.#transport.json("PUT", "/v1/policy", { body: replace });
  }

  /** Whether a text is sound, what it would change, what its cases come to; by default the cases beside the policy file. */
  check(text: string, cases?: string, options: CallOptions = {}): Promise<PolicyCheck> {
    return this.#transport.json("POST", "/v1/policy/check", { body: { text, cases }, ...options });
  }

  /** Decides the newest `most` recorded actions again by a text. */
  backtest(text: string, most?: number, options: CallOptions = {}): Promise<Backtest> {
    return this.#transport.json("POST", "/v1/policy/backtest", { body: { text, most }, extraMs: historyMs, ...options });
  }

  async shadow(options: CallOptions = {}): Promise<PolicyShadow | null> {
    const { shadow } = await this.#transport.json<{ shadow: PolicyShadow | null }>("GET", "/v1/policy/shadow", { signal: options.signal });
    return shadow;
  }

  /** Lets a text run beside the policy in force and only log. */
  async setShadow(text: string): Promise<PolicyShadow | null> {
    const { shadow } = await this.#transport.json<{ shadow: PolicyShadow | null }>("PUT", "/v1/policy/shadow", { body: { text } });
    return shadow;
  }

  endShadow(): Promise<void> {
    return this.#transport.json("DELETE", "/v1/policy/shadow");
  }

  /** Rules that history proposes; `replace` with one's text ratifies it. */
  suggestions(options: CallOptions = {}): Promise<{ readonly items: readonly PolicySuggestion[] }> {
    return this.#transport.json("GET", "/v1/policy/suggestions", { extraMs: historyMs, signal: options.signal });
  }

  /** What a rule can test, and what else a policy file can say: each key in a sentence. */
  conditions(options: CallOptions = {}): Promise<PolicyHelp> {
    return this.#transport.json("GET", "/v1/policy/conditions", { signal: options.signal });
  }

  versions(query: PageQuery = {}, options: CallOptions = {}): Promise<Page<PolicyVersion>> {
    return this.#transport.json("GET", "/v1/policy/versions", { query: { ...query }, signal: options.signal });
  }

  /** The text of a version that was in force. */
  async versionText(version: string, options: CallOptions = {}): Promise<string> {
    const { text } = await this.#transport.json<{ text: string }>("GET", path`/v1/policy/versions/${version}`, { signal: options.signal });
    return text;
  }
}
