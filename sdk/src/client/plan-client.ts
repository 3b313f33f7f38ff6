import { bounds, type ApprovalStatus, type ArrangePlan, type Page, type Plan, type ResolvePlan } from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import type { PageQuery } from "./queries.js";
import { path, type Transport } from "./transport.js";

/** Plans that agents handed in. Ids may be unique prefixes. Every method may throw `PullcordError`. */
export class PlanClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The newest first. */
  list(
    query: PageQuery & { readonly status?: ApprovalStatus; readonly run?: string } = {},
    options: CallOptions = {},
  ): Promise<Page<Plan>> {
    return this.#transport.json("GET", "/v1/plans", { query: { ...query }, signal: options.signal });
  }

  get(id: string, options: CallOptions = {}): Promise<Plan> {
    return this.#transport.json("GET", path`/v1/plans/${id}`, { signal: options.signal });
  }

  /** Says how the steps are to stand; they are judged anew. @throws PullcordError `conflict`/`digest_mismatch` */
  arrange(id: string, arrangement: ArrangePlan): Promise<Plan> {
    return this.#transport.json("PUT", path`/v1/plans/${id}/steps`, { body: arrangement, extraMs: bounds.planJudgingMs });
  }

  /** @throws PullcordError `conflict`/`digest_mismatch`, `step_denied`, `plan_outdated`; `forbidden`/`presence_required` */
  resolve(id: string, resolution: ResolvePlan): Promise<Plan> {
    return this.#transport.json("POST", path`/v1/plans/${id}/resolution`, { body: resolution, extraMs: bounds.planJudgingMs });
  }

  /** Takes an approved plan back, from the next action on. */
  end(id: string): Promise<Plan> {
    return this.#transport.json("DELETE", path`/v1/plans/${id}`);
  }
}
