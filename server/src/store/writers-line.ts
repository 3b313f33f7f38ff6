import { tooBusy } from "./database-fault.js";

/**
 * Who asks for the one writer's turn: a stop or a pause, a person, what happens by itself, or an agent, by its token.
 * People come first (R29), and no agent's commands keep another agent's waiting.
 */
export type Lane =
  | { readonly kind: "stop" }
  | { readonly kind: "person" }
  | { readonly kind: "system" }
  | { readonly kind: "agent"; readonly token: string };

/** Most commands of one agent that wait: what it is answered within ten seconds also on a slow machine. */
export const mostWaitingOfAgent = 1_024;
/** Most commands of all agents that wait. */
export const mostWaitingOfAgents = 4_096;
/** Most commands of people that wait, and of what happens by itself: places of their own, which no agent can take. */
const mostWaitingOfOthers = 4_096;

/** Commands that wait for the one writer, in the order they are taken. */
export class WritersLine<T> {
  readonly #others = { stop: [] as T[], person: [] as T[], system: [] as T[] };
  /** By token, in the order of their turns: whoever had one goes to the end. */
  readonly #agents = new Map<string, T[]>();
  #ofAgents = 0;

  get isEmpty(): boolean {
    return this.#ofAgents === 0 && !this.hasPeople && this.#others.system.length === 0;
  }

  /** True while a stop or a person waits. */
  get hasPeople(): boolean {
    return this.#others.stop.length > 0 || this.#others.person.length > 0;
  }

  /** @throws PullcordError `unavailable`/`too_busy` when too many wait in this lane already */
  add(lane: Lane, item: T): void {
    const line = lane.kind === "agent" ? this.#lineOf(lane.token) : this.#others[lane.kind];
    if (line.length >= (lane.kind === "agent" ? mostWaitingOfAgent : mostWaitingOfOthers)) throw tooBusy();
    if (lane.kind === "agent") this.#ofAgents += 1;
    line.push(item);
  }

  take(): T | undefined {
    return this.#others.stop.shift() ?? this.#others.person.shift() ?? this.#others.system.shift() ?? this.#takeAgents();
  }

  #lineOf(token: string): T[] {
    if (this.#ofAgents >= mostWaitingOfAgents) throw tooBusy();
    const known = this.#agents.get(token);
    if (known) return known;
    const line: T[] = [];
    this.#agents.set(token, line);
    return line;
  }

  #takeAgents(): T | undefined {
    for (const [token, line] of this.#agents) {
      const item = line.shift();
      this.#agents.delete(token);
      if (line.length > 0) this.#agents.set(token, line);
      if (item === undefined) continue;
      this.#ofAgents -= 1;
      return item;
    }
    return undefined;
  }
}
