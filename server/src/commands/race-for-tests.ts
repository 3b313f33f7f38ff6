/* oxlint-disable vitest/no-standalone-expect -- run by a test, once for each step of a race */
import { actionDigest } from "@pullcord/sdk/digest";
import type { Action, ActionAnswer, AuditEntry, ProposedAction } from "@pullcord/sdk/protocol";
import { expect } from "vitest";
import { findAction, listActions } from "../store/actions.js";
import { findRequest, listRequests } from "../store/approvals.js";
import { listEntries } from "../store/audit.js";
import { findRun } from "../store/runs.js";
import { endAction } from "./end-action.js";
import { expireRequests } from "./expire-requests.js";
import { agentCaller, askingProgram, people, type TestGate } from "./gate-for-tests.js";
import { intervene } from "./intervene.js";
import { openRun } from "./open-run.js";
import { proposeAction } from "./propose-action.js";
import { resolveRequest } from "./resolve-request.js";
import { systemCaller, type Caller } from "./runner.js";
import { finishRun } from "./run-reports.js";
import { setAutonomy } from "./settings.js";
import { startAction } from "./start-action.js";
import { withdrawAction } from "./withdraw-action.js";

/** What can happen to one run and its actions at the same moment, in any order; what is likelier stands twice. */
// oxfmt-ignore
export const acts = [
  "ask", "read", "start", "start", "start wrong", "end", "report terminal", "withdraw",
  "approve", "approve", "deny", "approve edited", "expire", "expire",
  "stop", "pause", "resume", "finish", "autonomy", "kill file",
] as const;
type Act = (typeof acts)[number];

/** Kinds of entries that the races led to. */
export const happened = new Set<string>();

/** How long the asking action waits for a person. */
export const expiresInMs = 1_000;
const terminal = ["denied", "succeeded", "failed", "skipped", "cancelled"];
const asking: ProposedAction = { type: "command_execute", arguments: { command: `${askingProgram} origin main` }, expiresInMs };
const reading: ProposedAction = { type: "command_execute", arguments: { command: "ls" } };
const edited = { command: `${askingProgram} origin branch` };

/** One run, what was done to it, and what was answered. */
export class Race {
  readonly #gate: TestGate;
  readonly #runId: string;
  readonly #ends = new Map<string, Action["state"]>();
  readonly #expiries = new Map<string, number>();
  readonly #starts: string[] = [];
  /** What a caller was told and should not have been; kept, since a caller's own failure is no failure of the race. */
  readonly #faults: string[] = [];

  private constructor(gate: TestGate, runId: string) {
    this.#gate = gate;
    this.#runId = runId;
  }

  static async begin(gate: TestGate): Promise<Race> {
    gate.clock.killFile = false;
    const run = await gate.runner.run(openRun, { task: "race", tokenId: "t" }, agentCaller);
    await gate.runner.run(setAutonomy, { scope: { kind: "run", id: run.id }, level: "full" }, person(0));
    return new Race(gate, run.id);
  }

  /** All at once: they meet in one batch of the store, in this order. */
  async run(together: readonly Act[]): Promise<void> {
    const { items, questions } = await this.#now();
    const target = items[0];
    const request = questions[0]?.id ?? "";
    await Promise.allSettled(together.map((act, index) => this.#act(act, { target, request, index })));
    await this.#observe();
  }

  async requestStatuses(): Promise<string[]> {
    return (await this.#now()).questions.map((question) => question.status);
  }

  async #now() {
    const { read } = this.#gate.store;
    const limit = 200;
    return {
      items: await listActions(read, { runId: this.#runId, limit }),
      questions: await listRequests(read, { run: this.#runId, limit }),
    };
  }

  async #act(act: Act, { target, request, index }: { target: Action | undefined; request: string; index: number }): Promise<void> {
    const { runner, clock } = this.#gate;
    const runId = this.#runId;
    const actionId = target?.id ?? "none";
    const scope = { kind: "run", id: runId } as const;
    const resolving = { requestId: request, digest: target?.digest ?? "", person: people[index % people.length]! };
    switch (act) {
      case "ask":
      case "read":
        return this.#heard(runner.run(proposeAction, { runId, proposed: act === "ask" ? asking : reading }, agentCaller));
      case "start":
      case "start wrong":
        return this.#heard(runner.run(startAction, { actionId, digest: act === "start" ? digestOf(target) : "0".repeat(64) }, agentCaller));
      case "end":
      case "report terminal":
        await runner.run(endAction, { actionId, status: "succeeded", ...(act === "end" ? {} : { approvedAtTerminal: true }) }, agentCaller);
        return;
      case "withdraw":
        await runner.run(withdrawAction, { actionId, reason: "gave up" }, agentCaller);
        return;
      case "approve":
      case "deny":
        await runner.run(resolveRequest, { ...resolving, effect: act }, person(index));
        return;
      case "approve edited":
        await runner.run(resolveRequest, { ...resolving, effect: "approve", modifiedArguments: edited }, person(index));
        return;
      case "expire":
        await runner.run(expireRequests, undefined, systemCaller);
        return;
      case "stop":
      case "pause":
      case "resume":
        await runner.run(intervene, { kind: act, scope }, person(index));
        return;
      case "finish":
        await runner.run(finishRun, { runId, result: "succeeded" }, agentCaller);
        return;
      case "autonomy":
        await runner.run(setAutonomy, { scope, level: "full" }, person(index));
        return;
      case "kill file":
        clock.killFile = true;
    }
  }

  /** Notes what the gate let run; durable before it was answered (I4), and never with the kill file there. */
  async #heard(answering: Promise<ActionAnswer>): Promise<void> {
    const hadKillFile = this.#gate.clock.killFile;
    const answer = await answering;
    if (!(await findAction(this.#gate.store.read, answer.action.id)))
      this.#faults.push(`${answer.action.id} was answered and is not there`);
    if (answer.next !== "run") return;
    if (hadKillFile) this.#faults.push(`${answer.action.id} may run although the kill file is there`);
    this.#starts.push(answer.action.id);
  }

  /** Ends never change (I5), expiries never move (I7), and what is asked and what is answered agree. */
  async #observe(): Promise<void> {
    const { items, questions } = await this.#now();
    for (const action of items) {
      const known = this.#ends.get(action.id);
      if (known) expect(action.state).toEqual(known);
      if (terminal.includes(action.state.status)) this.#ends.set(action.id, action.state);
    }
    for (const { id, expiresAt, status, actionId } of questions) {
      expect(this.#expiries.get(id) ?? expiresAt).toBe(expiresAt);
      this.#expiries.set(id, expiresAt);
      const action = items.find((one) => one.id === actionId);
      expect(status === "pending").toBe(action?.state.status === "waiting");
    }
    const run = await findRun(this.#gate.store.read, this.#runId);
    expect(run?.tally.waiting).toBe(questions.filter((question) => question.status === "pending").length);
  }

  /** Reads the run's record as an auditor would. */
  async check(): Promise<void> {
    const entries = await listEntries(this.#gate.store.read, { run: this.#runId, order: "oldest", limit: 1_000 });
    for (const { type, body } of entries) happened.add(typeof body["status"] === "string" ? `${type} ${body["status"]}` : type);
    expect(this.#faults).toEqual([]);
    const of = (type: AuditEntry["type"], actionId?: string) =>
      entries.filter((entry) => entry.type === type && (actionId === undefined || entry.actionId === actionId));
    const stopped = of("run.stopped")[0]?.seq ?? Infinity;
    const allowed = entries.filter((entry) => entry.type === "action.started" || entry.body["effect"] === "allow");
    expect(allowed.filter((entry) => entry.seq > stopped)).toEqual([]);
    expect(of("run.stopped").length).toBeLessThanOrEqual(1);
    for (const started of of("action.started")) await this.#checkStart(started, of);
    const ends = Map.groupBy(
      entries.filter((entry) => entry.type === "action.ended" || entry.type === "action.cancelled"),
      (entry) => entry.actionId,
    );
    for (const found of ends.values()) expect(found).toHaveLength(1);
    for (const resolved of Map.groupBy(of("approval.resolved"), (entry) => entry.body["request"]).values())
      expect(resolved).toHaveLength(1);
    const permitted = this.#starts.filter((id) => of("action.decided", id).every((entry) => entry.body["effect"] !== "allow"));
    expect(new Set(permitted).size).toBe(permitted.length);
    const started = of("action.started").map((entry) => entry.actionId);
    expect(new Set(permitted)).toEqual(new Set(started));
  }

  /** I1 to I3: one approval by a person, in time, used once, for the digest that was decided or edited by them. */
  async #checkStart(started: AuditEntry, of: (type: AuditEntry["type"], actionId?: string) => AuditEntry[]): Promise<void> {
    const id = started.actionId ?? "";
    expect(of("action.started", id)).toHaveLength(1);
    const [approval] = of("approval.resolved", id);
    expect(approval).toMatchObject({ actor: { kind: "person" }, body: { status: "approved", request: started.body["request"] } });
    expect(approval!.seq).toBeLessThan(started.seq);
    const request = await findRequest(this.#gate.store.read, started.body["request"] as string);
    expect(request).toMatchObject({ status: "approved", consumed: true });
    expect(approval!.at).toBeLessThan(request!.expiresAt);
    expect(of("action.decided", id)[0]?.body["digest"]).toBe(approval!.body["digest"]);
    expect(started.body["digest"]).toBe(approval!.body["approvedDigest"] ?? approval!.body["digest"]);
  }
}

/** What a gate computes at the moment of execution: over what is about to run. */
function digestOf(action: Action | undefined): string {
  if (!action) return "";
  const { agent, runId, proposed, approvedArguments } = action;
  return actionDigest({ agent, runId, proposed, ...(approvedArguments === undefined ? {} : { approvedArguments }) });
}

function person(index: number): Caller {
  const { id } = people[index % people.length]!;
  return { actor: { kind: "person", id, via: "console" }, principal: `person:${id}` };
}
