import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import type { AgentClient, CallOptions, PersonClient } from "@pullcord/sdk/client";
import { isPullcordError, type ActionAnswer, type ProposedAction } from "@pullcord/sdk/protocol";
import type { Arena } from "./arena.js";
import type { Ledger } from "./ledger.js";

/** Requests of one client that are left for the next server to find pending. */
const leftPending = 10;
const retryMs = 5;
/** The policy of the test asks for this program. */
export const askingProgram = "touch";

/** An agent and a person who never give up: what a crash left unanswered is repeated with its key, on the next server. */
export class CrashClient {
  readonly #arena: Arena;
  readonly #ledger: Ledger;
  readonly #name: string;
  readonly #random: () => number;
  #runId = "";
  #count = 0;

  constructor(name: string, { arena, ledger, random }: { arena: Arena; ledger: Ledger; random: () => number }) {
    this.#name = name;
    this.#arena = arena;
    this.#ledger = ledger;
    this.#random = random;
  }

  /** Works until the arena is over. What is under way then is left as it is. */
  async work(): Promise<void> {
    const run = await this.#byAgent((agent, options) =>
      agent.openRun({ task: "crash", externalId: this.#name, workingDirectory: tmpdir() }, options),
    );
    this.#runId = run?.id ?? "";
    while (!this.#arena.isOver) {
      const dice = this.#random();
      if (dice < 0.5) await this.#readSomething();
      else if (dice < 0.65) await this.#log();
      else await this.#askSomebody(dice);
    }
  }

  async #readSomething(): Promise<void> {
    const answer = await this.#propose(`ls part-${(this.#count += 1)}`);
    if (answer) await this.#end(answer.action.id);
  }

  async #log(): Promise<void> {
    const text = `${this.#name} line ${(this.#count += 1)}`;
    const done = await this.#byAgent((agent, options) =>
      agent.appendLog(this.#runId, [{ stream: "stdout", text }], options).then(() => true),
    );
    if (!done) return;
    const lines = this.#ledger.lines.get(this.#runId) ?? [];
    this.#ledger.lines.set(this.#runId, [...lines, text]);
  }

  async #askSomebody(dice: number): Promise<void> {
    const answer = await this.#propose(`${askingProgram} asked-${(this.#count += 1)}`);
    if (answer?.action.state.status !== "waiting") return;
    const { approvalRequestId } = answer.action.state;
    if (dice < 0.75 && this.#ledger.pending.size < leftPending) return void this.#ledger.pending.add(approvalRequestId);
    const effect = dice < 0.87 ? "approve" : "deny";
    const { digest, id } = answer.action;
    const resolved = await this.#byPerson((person, options) => person.resolve(approvalRequestId, { effect, digest }, options));
    if (!resolved) return;
    this.#ledger.resolved.set(approvalRequestId, effect);
    if (effect === "deny") return;
    const started = await this.#byAgent((agent, options) => agent.start(id, digest, options));
    if (!started) return;
    if (started.next !== "run") throw new Error(`an approved action may not start: ${started.guidance}`);
    this.#ledger.started.add(id);
    await this.#end(id);
  }

  async #propose(command: string): Promise<ActionAnswer | undefined> {
    const externalId = `${this.#name}-${this.#count}`;
    const proposed: ProposedAction = { type: "command_execute", arguments: { command }, externalId };
    const answer = await this.#byAgent((agent, options) => agent.propose(this.#runId, proposed, options));
    if (answer) this.#ledger.actions.set(externalId, { id: answer.action.id, runId: this.#runId });
    return answer;
  }

  async #end(id: string): Promise<void> {
    const ended = await this.#byAgent((agent, options) => agent.reportOutcome(id, { status: "succeeded" }, options));
    if (ended) this.#ledger.ended.add(id);
  }

  #byAgent<T>(write: (agent: AgentClient, options: CallOptions) => Promise<T>): Promise<T | undefined> {
    return this.#insist(async (options) => write(await this.#arena.agent(this.#name), options));
  }

  #byPerson<T>(write: (person: PersonClient, options: CallOptions) => Promise<T>): Promise<T | undefined> {
    return this.#insist(async (options) => write(await this.#arena.person(), options));
  }

  /** Repeats a write with its key until it is answered; undefined when the arena is over. */
  async #insist<T>(write: (options: CallOptions) => Promise<T>): Promise<T | undefined> {
    const idempotencyKey = randomUUID();
    for (let isRepeated = false; !this.#arena.isOver; isRepeated = true) {
      try {
        const answer = await write({ idempotencyKey });
        this.#ledger.answered += 1;
        if (isRepeated) this.#ledger.repeated += 1;
        return answer;
      } catch (error) {
        if (!isPullcordError(error) || error.code !== "unavailable") throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    return undefined;
  }
}
