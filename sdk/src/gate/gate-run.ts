import { randomUUID } from "node:crypto";
import type { AgentClient } from "../client/index.js";
import {
  isPullcordError,
  type PullcordError,
  type ActionAnswer,
  type DeliveredInstruction,
  type DryRunAnswer,
  type HandedIn,
  bounds,
  type HandInPlan,
  type JsonObject,
  type LogStream,
  type Outcome,
  type PlanAnswer,
  type ProposedAction,
  type Run,
  type RunResult,
  type Usage,
} from "../protocol/index.js";
import { askAgain, askPlanAgain, awaitAnswer, requireAnswer, requirePlanAnswer } from "./await-answer.js";
import type { GateParts } from "./gate-parts.js";
import { denied, gateClosed, killFilePresent, runStopped, serverSilent, stopNotHeard } from "./guidance.js";
import { HeldState, type HeldChange } from "./held-state.js";
import { LogBatch } from "./log-batch.js";
import { takePermit, type Permit } from "./permit.js";
import { isKillFilePresent } from "./places.js";
import { passSafePoint } from "./safe-point.js";

/** What an action does, given the arguments that were approved. The signal aborts at a stop. */
export type Execute<Result> = (signal: AbortSignal, args: JsonObject, actionId: string) => Promise<Result> | Result;

export interface ActOptions<Result> {
  /** What to report of a result; default: that it succeeded. */
  readonly outcomeOf?: (result: Result) => Outcome;
  /**
   * What takes the action back, for a handler that a program registers with `gate.undoHandler`: known before it runs, or
   * from its result. What can't be handed in before it runs keeps it from running.
   */
  readonly undo?: HandedIn | ((result: Result) => HandedIn | null);
}

const longestSummary = 2_000;
const killFileEveryMs = 200;

/** One run, open at the server, with everything it does going through the gate. */
export class GateRun {
  readonly run: Run;
  /** Aborts when a person stops this run, or everything by the kill file, and when a stop could no longer be heard. */
  readonly signal: AbortSignal;
  readonly client: AgentClient;
  /** Called with each instruction from a person, once. */
  onInstruction: (instruction: DeliveredInstruction) => void = () => {};
  /** Called when the run is paused, resumed or stopped. */
  onHeld: (change: HeldChange) => void = () => {};
  readonly #parts: GateParts;
  readonly #stopping = new AbortController();
  readonly #held: HeldState;
  readonly #log: LogBatch;
  readonly #watchingKillFile: ReturnType<typeof setInterval>;

  constructor(parts: GateParts, run: Run) {
    this.run = run;
    this.client = parts.client;
    this.signal = this.#stopping.signal;
    this.#parts = parts;
    this.#log = new LogBatch((lines, idempotencyKey) => this.client.appendLog(run.id, lines, { idempotencyKey }));
    this.#held = new HeldState(this.client, run, {
      onChange: (change) => this.#hold(change),
      onSilent: ({ afterMs }) => this.#stop(serverSilent(this.#parts.url, afterMs), null),
      onDeaf: (cause) => this.#stop(stopNotHeard(this.#parts.url, cause), null),
    });
    this.#watchingKillFile = setInterval(() => this.#lookForKillFile(), killFileEveryMs);
    this.#watchingKillFile.unref();
  }

  get id(): string {
    return this.run.id;
  }

  /**
   * Runs an action if it may: asks, waits for a person where needed, uses the permit, executes, reports.
   * @throws PullcordError `forbidden`/`denied` or `forbidden`/`stopped`, whose message is for the agent and its human;
   * `unavailable`/`gate_closed` without a server; and whatever `execute` throws
   */
  async act<Result>(proposed: ProposedAction, execute: Execute<Result>, options: ActOptions<Result> = {}): Promise<Result> {
    const asked = await this.propose(proposed);
    return this.carryOut({ asked, proposed, execute, ...options });
  }

  /** The rest of the way for an action whose first answer is known. Throws as `act` does. */
  async carryOut<Result>(
    rest: ActOptions<Result> & { readonly asked: ActionAnswer; readonly proposed: ProposedAction; readonly execute: Execute<Result> },
  ): Promise<Result> {
    const { client, run, signal } = this;
    let permit: Permit | null = null;
    for (let asked = rest.asked; permit === null; asked = { ...asked, next: "wait" }) {
      const answer = await this.awaitAnswer(asked);
      permit = await this.#orClosed(takePermit(answer, { client, run, proposed: rest.proposed, signal }));
    }
    this.#refuseWhenStopped();
    return this.#execute(permit, rest);
  }

  /**
   * What would be decided about an action or a plan, and what would happen: files, rows, services, money, the way back.
   * Nothing is recorded, nobody is asked, and nothing may run by it.
   * @throws PullcordError `unavailable`/`gate_closed` without a server
   */
  dryRun(...actions: readonly ProposedAction[]): Promise<DryRunAnswer> {
    return this.#orClosed(this.client.dryRun(this.id, actions, { signal: this.signal }));
  }

  /** The server's first answer to an action, as a value: for those who go the rest of the way themselves. */
  async propose(proposed: ProposedAction): Promise<ActionAnswer> {
    this.#refuseWhenStopped();
    const answer = requireAnswer(await this.#orClosed(this.client.propose(this.id, proposed, { signal: this.signal })));
    this.#deliver(answer.instructions);
    return answer;
  }

  /** Waits for as long as it takes to get an answer that is not `wait`. */
  async awaitAnswer(asked: ActionAnswer): Promise<ActionAnswer> {
    if (asked.next !== "wait") return asked;
    const answer = await this.#waitOut(asked, () =>
      askAgain(this.client, asked.action.id, { waitMs: bounds.longPollMs, signal: this.signal }),
    );
    this.#deliver(answer.instructions);
    return answer;
  }

  /**
   * Hands in what the program means to do, and waits until a person has answered. The plan that comes back says which
   * steps stand and with which arguments, its `guidance` says so to a model: `act` on exactly these, in their order,
   * and nobody is asked again.
   * @throws PullcordError `forbidden`/`denied` with the person's reason, `forbidden`/`stopped`, `unavailable`/`gate_closed`
   */
  async plan(steps: readonly ProposedAction[], more: Omit<HandInPlan, "steps"> = {}): Promise<PlanAnswer> {
    const answer = await this.awaitPlan(await this.handIn({ ...more, steps }));
    if (answer.next !== "follow") throw answer.stop ? runStopped(answer.guidance) : denied(answer.guidance);
    return answer;
  }

  /** The server's first answer to a plan, as a value: for those who tell somebody what is waited for. */
  async handIn(plan: HandInPlan): Promise<PlanAnswer> {
    this.#refuseWhenStopped();
    return requirePlanAnswer(await this.#orClosed(this.client.handInPlan(this.id, plan, { signal: this.signal })));
  }

  /** Waits for as long as it takes to get an answer that is not `wait`. */
  awaitPlan(first: PlanAnswer): Promise<PlanAnswer> {
    const { id } = first.plan;
    return this.#waitOut(first, () => askPlanAgain(this.client, id, { waitMs: bounds.longPollMs, signal: this.signal }));
  }

  async #waitOut<Answer extends { readonly next: string }>(first: Answer, ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await awaitAnswer(first, ask, { url: this.#parts.url, signal: this.signal });
    } catch (error) {
      if (this.signal.aborted) throw this.#stopError();
      throw error;
    }
  }

  /**
   * Where the run can be stopped or held: waits while it is paused, and gives what people have said to it (P28, P29).
   * @throws PullcordError `forbidden`/`stopped`, `unavailable`/`gate_closed`
   */
  async safePoint(): Promise<readonly DeliveredInstruction[]> {
    this.#refuseWhenStopped();
    const instructions = await this.#orClosed(passSafePoint(this.client, this.id, this.signal));
    this.#deliver(instructions);
    return instructions;
  }

  /** How far the run is (E33). Not worth failing for. */
  async progress(n: number, of: number, item = ""): Promise<void> {
    await this.client.reportProgress(this.id, { n, of, item }).catch(() => {});
  }

  /**
   * Adds what was used since the last report; the policy's limits on tokens and money are held against it (V9.1.2).
   * @throws PullcordError `unavailable`/`gate_closed` without a server: what is not counted is not limited
   */
  usage(used: Usage): Promise<void> {
    return this.#orClosed(this.client.reportUsage(this.id, used, { idempotencyKey: randomUUID() }));
  }

  /** Output, a line or several; sent in batches. */
  log(text: string, stream: LogStream = "note"): void {
    const lines = text.replace(/\n$/, "").split("\n");
    for (const line of lines) this.#log.add({ stream, text: line });
  }

  /** Says how the run ended. A run that a person stopped stays stopped. */
  async finish(result: RunResult): Promise<void> {
    await this.#log.flush();
    if (this.#held.held !== "stopped") await this.client.finishRun(this.id, result).catch(() => {});
  }

  /** Ends the live stream and sends what is left of the log. */
  async close(): Promise<void> {
    clearInterval(this.#watchingKillFile);
    await this.#log.flush();
    await this.#held.close();
  }

  async #execute<Result>(
    permit: Permit,
    { execute, outcomeOf, undo }: ActOptions<Result> & { readonly execute: Execute<Result> },
  ): Promise<Result> {
    if (typeof undo === "object") await this.#handIn(permit, undo);
    const startedAt = Date.now();
    const report = (outcome: Outcome) =>
      this.client.reportOutcome(permit.actionId, { ...outcome, durationMs: Date.now() - startedAt }).catch(() => {});
    try {
      const result = await execute(this.signal, permit.arguments, permit.actionId);
      const taking = typeof undo === "function" ? undo(result) : null;
      // It has happened: without this, the preview names it as beyond undo.
      if (taking !== null) await this.client.giveUndo(permit.actionId, taking).catch(() => {});
      await report(outcomeOf?.(result) ?? { status: "succeeded" });
      return result;
    } catch (error) {
      await report({
        status: "failed",
        summary: (error instanceof Error ? error.message : String(error)).slice(0, longestSummary).toWellFormed(),
      });
      throw error;
    }
  }

  /** Before the action runs: without its way back it does not. */
  async #handIn({ actionId }: Permit, undo: HandedIn): Promise<void> {
    try {
      await this.#orClosed(this.client.giveUndo(actionId, undo));
    } catch (error) {
      const summary = "It was not run: what takes it back could not be handed in.";
      await this.client.reportOutcome(actionId, { status: "skipped", summary }).catch(() => {});
      throw error;
    }
  }

  #refuseWhenStopped(): void {
    this.#lookForKillFile();
    if (this.signal.aborted) throw this.#stopError();
  }

  #stopError(): PullcordError {
    const { reason } = this.signal;
    return isPullcordError(reason) ? reason : runStopped();
  }

  #lookForKillFile(): void {
    if (this.signal.aborted) return;
    const killFile = this.#parts.killFiles.find(isKillFilePresent);
    if (killFile !== undefined) this.#stop(killFilePresent(killFile), null);
  }

  #hold(change: HeldChange): void {
    if (change.held === "stopped") this.#stop(runStopped(), change.interventionId);
    else this.onHeld(change);
  }

  #stop(reason: PullcordError, interventionId: string | null): void {
    if (!this.signal.aborted) this.#stopping.abort(reason);
    // The receipt then says when this gate heard it; what the signal ended is reported by each action.
    if (interventionId !== null) this.client.reportEffect(interventionId, { runId: this.id, step: "heard" }).catch(() => {});
    this.onHeld({ held: "stopped", interventionId });
  }

  #deliver(instructions: readonly DeliveredInstruction[]): void {
    for (const instruction of instructions) this.onInstruction(instruction);
  }

  async #orClosed<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (this.signal.aborted) throw this.#stopError();
      const isAway = isPullcordError(error) && error.code === "unavailable" && error.reason !== "gate_closed";
      throw isAway ? gateClosed(this.#parts.url, error) : error;
    }
  }
}
