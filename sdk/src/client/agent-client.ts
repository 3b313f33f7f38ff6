import {
  bounds,
  type Action,
  type ActionAnswer,
  type FetchUndoTask,
  type DryRunAnswer,
  type HandedIn,
  type HandInPlan,
  type InterventionEffect,
  type LogStream,
  type OpenRun,
  type Page,
  type Plan,
  type PlanAnswer,
  type Progress,
  type ProposedAction,
  type ReportOutcome,
  type Run,
  type RunProcess,
  type RunResult,
  type SafePointAnswer,
  type SettledUndo,
  type UndoTask,
  type UndoTaskAnswer,
  type Usage,
} from "../protocol/index.js";
import { liveEvents, type EventQuery } from "./events.js";
import { path, Transport, type ClientOptions } from "./transport.js";

/** Every method may throw `PullcordError`; one that is `unavailable` means: do not run the action. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** What an agent token can do: propose, report, and read its own runs. It can never decide. */
export class AgentClient {
  readonly #transport: Transport;

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options);
  }

  /** Opens a run, or gives the one that has this `externalId` already. */
  openRun(run: OpenRun, options: CallOptions = {}): Promise<Run> {
    return this.#post("/v1/runs", run, options);
  }

  getRun(runId: string, options: CallOptions = {}): Promise<Run> {
    return this.#transport.json("GET", path`/v1/runs/${runId}`, { signal: options.signal });
  }

  /** Says where the run's processes are, once that is known. */
  reportProcess(runId: string, process: RunProcess, options: CallOptions = {}): Promise<void> {
    return this.#transport.json("PUT", path`/v1/runs/${runId}/process`, { body: process, ...options });
  }

  /** A model may be asked for its review first, and a snapshot be kept: so much longer than other calls this one waits. */
  propose(runId: string, action: ProposedAction, options: CallOptions = {}): Promise<ActionAnswer> {
    return this.#transport.json("POST", path`/v1/runs/${runId}/actions`, {
      body: action,
      extraMs: bounds.modelReviewMs + bounds.snapshotMs,
      ...options,
    });
  }

  /** What would be decided and what would happen if these were proposed; nothing is recorded, and nothing may run by it. */
  dryRun(runId: string, actions: readonly ProposedAction[], options: CallOptions = {}): Promise<DryRunAnswer> {
    return this.#post("/v1/dry-runs", { run: runId, actions }, options);
  }

  getAction(actionId: string, options: CallOptions = {}): Promise<Action> {
    return this.#transport.json("GET", path`/v1/actions/${actionId}`, { signal: options.signal });
  }

  /** The newest action of a run that the agent knows by this id of its own; null when there is none. */
  async findAction(runId: string, externalId: string, options: CallOptions = {}): Promise<Action | null> {
    const page = await this.#transport.json<Page<Action>>("GET", path`/v1/runs/${runId}/actions`, {
      query: { externalId, limit: 1 },
      signal: options.signal,
    });
    return page.items[0] ?? null;
  }

  /**
   * Asks once what became of an action, holding the line for at most `waitMs` (0 to `limits.longPollMs`).
   * The answer's `next` is `wait` when nobody has decided yet.
   */
  awaitAnswer(actionId: string, waitMs: number, options: CallOptions = {}): Promise<ActionAnswer> {
    const bounded = Math.max(0, Math.min(waitMs, bounds.longPollMs));
    return this.#transport.json("GET", path`/v1/actions/${actionId}/answer`, {
      query: { waitMs: bounded },
      extraMs: bounded + bounds.snapshotMs,
      signal: options.signal,
    });
  }

  /** Uses the permit of an approved action, at the moment of execution (I2). `digest` is re-computed by the caller (I3). */
  start(actionId: string, digest: string, options: CallOptions = {}): Promise<ActionAnswer> {
    return this.#transport.json("POST", path`/v1/actions/${actionId}/start`, { body: { digest }, extraMs: bounds.snapshotMs, ...options });
  }

  reportOutcome(actionId: string, outcome: ReportOutcome, options: CallOptions = {}): Promise<Action> {
    return this.#transport.json("POST", path`/v1/actions/${actionId}/outcome`, { body: outcome, extraMs: bounds.snapshotMs, ...options });
  }

  /** Hands in what it takes to take an action back; before its end is reported (A22). */
  giveUndo(actionId: string, undo: HandedIn, options: CallOptions = {}): Promise<void> {
    return this.#transport.json("PUT", path`/v1/actions/${actionId}/undo`, { body: undo, ...options });
  }

  /** Says whether what was handed in as provisional has happened. */
  settleUndo(actionId: string, settled: SettledUndo, options: CallOptions = {}): Promise<void> {
    return this.#transport.json("PUT", path`/v1/actions/${actionId}/undo/settlement`, { body: settled, ...options });
  }

  /** Asks for something to do for an undo, holding the line for at most `waitMs`; null when there is nothing. */
  async fetchUndoTask(wanted: FetchUndoTask, options: CallOptions = {}): Promise<UndoTask | null> {
    const sent = { body: wanted, extraMs: wanted.waitMs, ...options };
    return (await this.#transport.json<{ task: UndoTask | null }>("POST", "/v1/undo-tasks", sent)).task;
  }

  answerUndoTask(taskId: string, answer: UndoTaskAnswer, options: CallOptions = {}): Promise<void> {
    return this.#transport.json("PUT", path`/v1/undo-tasks/${taskId}/answer`, { body: answer, ...options });
  }

  /** Says that nobody waits for this action any more; its request is cancelled. */
  withdraw(actionId: string, reason: string, options: CallOptions = {}): Promise<Action> {
    return this.#post(path`/v1/actions/${actionId}/withdrawal`, { reason }, options);
  }

  /** Hands in actions to be approved together, in the order in which they are meant. */
  handInPlan(runId: string, plan: HandInPlan, options: CallOptions = {}): Promise<PlanAnswer> {
    return this.#transport.json("POST", path`/v1/runs/${runId}/plans`, { body: plan, extraMs: bounds.planJudgingMs, ...options });
  }

  /** Asks once what became of a plan, as `awaitAnswer` does of an action. */
  awaitPlan(planId: string, waitMs: number, options: CallOptions = {}): Promise<PlanAnswer> {
    const bounded = Math.max(0, Math.min(waitMs, bounds.longPollMs));
    return this.#transport.json("GET", path`/v1/plans/${planId}/answer`, {
      query: { waitMs: bounded },
      extraMs: bounded,
      signal: options.signal,
    });
  }

  /** Says that nobody waits for a plan's answer any more. */
  withdrawPlan(planId: string, reason: string, options: CallOptions = {}): Promise<Plan> {
    return this.#post(path`/v1/plans/${planId}/withdrawal`, { reason }, options);
  }

  /** Whether the run may go on, and what a person has to say to it. */
  safePoint(runId: string, options: CallOptions = {}): Promise<SafePointAnswer> {
    return this.#post(path`/v1/runs/${runId}/safe-points`, {}, options);
  }

  reportProgress(runId: string, progress: Progress, options: CallOptions = {}): Promise<void> {
    return this.#transport.json("PUT", path`/v1/runs/${runId}/progress`, { body: progress, ...options });
  }

  /** Adds what was used since the last report. With an `idempotencyKey` a report that is sent twice counts once. */
  reportUsage(runId: string, usage: Usage, options: CallOptions = {}): Promise<void> {
    return this.#post(path`/v1/runs/${runId}/usage`, usage, options);
  }

  appendLog(runId: string, lines: readonly { stream: LogStream; text: string }[], options: CallOptions = {}): Promise<void> {
    return this.#post(path`/v1/runs/${runId}/log`, { lines }, options);
  }

  finishRun(runId: string, result: RunResult, options: CallOptions = {}): Promise<Run> {
    return this.#post(path`/v1/runs/${runId}/result`, { result }, options);
  }

  /** Reports what became of a stop on the agent's machine (`heard`, `ended`, `unproven`). */
  reportEffect(interventionId: string, effect: Omit<InterventionEffect, "at" | "by">, options: CallOptions = {}): Promise<void> {
    return this.#post(path`/v1/interventions/${interventionId}/effects`, effect, options);
  }

  /** The live stream of one run, reconnecting by itself until `signal` aborts. */
  events(query: EventQuery & { readonly run: string }) {
    return liveEvents(this.#transport, query);
  }

  #post<T>(to: string, body: unknown, options: CallOptions): Promise<T> {
    return this.#transport.json("POST", to, { body, signal: options.signal, idempotencyKey: options.idempotencyKey });
  }
}
