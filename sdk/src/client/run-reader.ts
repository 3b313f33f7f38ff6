import type {
  Action,
  DryRun,
  DryRunAnswer,
  Explanation,
  LogLine,
  Page,
  RunningProcesses,
  RunStatus,
  RunSummary,
} from "../protocol/index.js";
import type { CallOptions } from "./agent-client.js";
import type { LogQuery, PageQuery } from "./queries.js";
import { path, type Transport } from "./transport.js";

/** What runs do and did. Ids may be unique prefixes. Every method may throw `PullcordError`. */
export class RunReader {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  listRuns(query: PageQuery & { readonly status?: RunStatus } = {}, options: CallOptions = {}): Promise<Page<RunSummary>> {
    return this.#get("/v1/runs", { ...query }, options);
  }

  getRun(run: string, options: CallOptions = {}): Promise<RunSummary> {
    return this.#get(path`/v1/runs/${run}`, {}, options);
  }

  listActions(run: string, query: PageQuery = {}, options: CallOptions = {}): Promise<Page<Action>> {
    return this.#get(path`/v1/runs/${run}/actions`, { ...query }, options);
  }

  getAction(action: string, options: CallOptions = {}): Promise<Action> {
    return this.#get(path`/v1/actions/${action}`, {}, options);
  }

  /** Why it was decided so, what would have changed that, and the lines of the policy it goes back to. */
  explain(action: string, options: CallOptions = {}): Promise<Explanation> {
    return this.#get(path`/v1/actions/${action}/explanation`, {}, options);
  }

  /** What would be decided and what would happen if these were proposed; nothing is recorded, and nothing may run by it. */
  dryRun(asked: DryRun, options: CallOptions = {}): Promise<DryRunAnswer> {
    return this.#transport.json("POST", "/v1/dry-runs", { body: asked, ...options });
  }

  /** What the processes of a run do now (E59). */
  runProcesses(run: string, options: CallOptions = {}): Promise<RunningProcesses> {
    return this.#get(path`/v1/runs/${run}/processes`, {}, options);
  }

  /** Lines after `after`, oldest first; without it the newest `limit` lines. */
  readLog(run: string, query: LogQuery = {}, options: CallOptions = {}): Promise<{ readonly items: readonly LogLine[] }> {
    return this.#get(path`/v1/runs/${run}/log`, { ...query }, options);
  }

  #get<T>(from: string, query: Readonly<Record<string, string | number | undefined>>, options: CallOptions): Promise<T> {
    return this.#transport.json("GET", from, { query, signal: options.signal });
  }
}
