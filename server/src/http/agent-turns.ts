import { agentTokenPrefix } from "../commands/tokens.js";
import { mostWaitingOfAgent, mostWaitingOfAgents } from "../store/writers-line.js";
import { tooBusy } from "../store/database-fault.js";

/** Work on agents' requests between two looks at what else has come, in milliseconds. */
const stretchMs = 10;

/**
 * Where agents' requests wait before anything is done for them: people's pass by (R29). In each turn of the event loop
 * some are let in, agent by agent, until they have used up a stretch; then whatever came meanwhile is heard first.
 */
export class AgentTurns {
  /** By proof, in the order of their turns: whoever had one goes to the end. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #count = 0;
  #turn = 0;
  #turnBeganAt = 0;

  /** @throws PullcordError `unavailable`/`too_busy` when too many requests of this agent, or of all, wait already */
  async take(authorization: string | null): Promise<void> {
    if (!authorization?.startsWith(`Bearer ${agentTokenPrefix}`)) return;
    const line = this.#waiting.get(authorization) ?? [];
    if (line.length >= mostWaitingOfAgent || this.#count >= mostWaitingOfAgents) throw tooBusy();
    this.#waiting.set(authorization, line);
    this.#count += 1;
    await new Promise<void>((letIn) => {
      line.push(letIn);
      this.#next();
    });
  }

  /** Node runs what is set as immediate in one turn one after the other, with all that follows from each in between. */
  #next(): void {
    const turn = this.#turn + 1;
    setImmediate(() => this.#letIn(turn));
  }

  #letIn(turn: number): void {
    const now = performance.now();
    if (turn !== this.#turn) [this.#turn, this.#turnBeganAt] = [turn, now];
    if (now - this.#turnBeganAt > stretchMs) return this.#next();
    const [first] = this.#waiting;
    if (!first) return;
    const [authorization, line] = first;
    this.#waiting.delete(authorization);
    const letIn = line.shift();
    if (line.length > 0) this.#waiting.set(authorization, line);
    this.#count -= 1;
    letIn?.();
  }
}
