import { PullcordError, type FetchUndoTask, type UndoTask, type UndoTaskAnswer } from "../../protocol/index.js";

/** How long a program that asked last counts as there, in milliseconds: between two questions it has none open. */
const thereMs = 5_000;

/** Which handler of which agent's programs is meant. */
export interface Asked {
  readonly agent: string;
  readonly task: UndoTask;
}

interface Waiting extends Asked {
  isTaken: boolean;
  readonly answered: (answer: UndoTaskAnswer) => void;
  readonly givenUp: (error: PullcordError) => void;
}

interface Listener {
  readonly agent: string;
  readonly handlers: ReadonlySet<string>;
  readonly give: (waiting: Waiting) => void;
}

/** The programs that are there now and what they are asked to do. Keeps nothing: after a restart they ask again. */
export class Programs {
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<Listener>();
  /** Handlers by agent and name, with when they were last offered. */
  readonly #offered = new Map<string, { readonly at: number; readonly isCompensation: boolean }>();
  readonly #now: () => number;
  readonly #first = Promise.withResolvers<void>();

  /** Resolved once a program is asked for the first time: what needs one waits, and whoever starts should not. */
  readonly asked: Promise<void> = this.#first.promise;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A program's question for work: the next task, or null after a while. One that has gone leaves its task to others. */
  fetch(agent: string, { handlers, waitMs }: FetchUndoTask, gone: AbortSignal): Promise<UndoTask | null> {
    const names = new Set(handlers.map(({ name }) => name));
    this.#note(agent, handlers);
    const known = [...this.#waiting.values()].find((each) => !each.isTaken && each.agent === agent && names.has(each.task.handler));
    if (known) return Promise.resolve(take(known));
    return new Promise((resolve) => {
      const end = (task: UndoTask | null) => {
        clearTimeout(timer);
        gone.removeEventListener("abort", leave);
        this.#listeners.delete(listener);
        this.#note(agent, handlers);
        resolve(task);
      };
      const leave = () => end(null);
      const listener: Listener = { agent, handlers: names, give: (waiting) => end(take(waiting)) };
      const timer = setTimeout(leave, waitMs);
      gone.addEventListener("abort", leave);
      this.#listeners.add(listener);
    });
  }

  /** @throws PullcordError `not_found`/`unknown_undo_task` for one that nobody waits for any more, or another agent's */
  answer(agent: string, taskId: string, answer: UndoTaskAnswer): void {
    const waiting = this.#waiting.get(taskId);
    if (!waiting || waiting.agent !== agent)
      throw new PullcordError("not_found", "unknown_undo_task", `Nobody waits for undo task ${taskId} any more.`);
    waiting.answered(answer);
  }

  /** Whether a program is there that has registered a handler; null where none is. */
  there(agent: string, handler: string): { readonly isCompensation: boolean } | null {
    const offered = this.#offered.get(nameOf(agent, handler));
    const isListening = [...this.#listeners].some((each) => each.agent === agent && each.handlers.has(handler));
    return offered && (isListening || this.#now() - offered.at < thereMs) ? offered : null;
  }

  /**
   * Asks a program, and waits for its answer; null when none came in time. A task
   * that was taken and not answered is offered again. @throws PullcordError `unavailable`/`server_closing`
   */
  async ask(asked: Asked, { limitMs, againMs }: { readonly limitMs: number; readonly againMs: number }): Promise<UndoTaskAnswer | null> {
    const { task } = asked;
    this.#first.resolve();
    const timers: ReturnType<typeof setTimeout>[] = [];
    try {
      return await new Promise<UndoTaskAnswer | null>((resolve, reject) => {
        const waiting: Waiting = { ...asked, isTaken: false, answered: resolve, givenUp: reject };
        this.#waiting.set(task.id, waiting);
        this.#offer(waiting);
        const again = () => {
          waiting.isTaken = false;
          this.#offer(waiting);
        };
        timers.push(
          setTimeout(() => resolve(null), limitMs),
          setInterval(again, againMs),
        );
      });
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.#waiting.delete(task.id);
    }
  }

  /** Nobody is asked any more: what is under way is for the next server. */
  close(): void {
    const text = "The server ends. The next one goes on with the undo.";
    for (const { givenUp } of this.#waiting.values()) givenUp(new PullcordError("unavailable", "server_closing", text));
  }

  #offer(waiting: Waiting): void {
    const listener = [...this.#listeners].find(({ agent, handlers }) => agent === waiting.agent && handlers.has(waiting.task.handler));
    listener?.give(waiting);
  }

  #note(agent: string, handlers: FetchUndoTask["handlers"]): void {
    for (const { name, isCompensation } of handlers) this.#offered.set(nameOf(agent, name), { at: this.#now(), isCompensation });
  }
}

function take(waiting: Waiting): UndoTask {
  waiting.isTaken = true;
  return waiting.task;
}

function nameOf(agent: string, handler: string): string {
  return JSON.stringify([agent, handler]);
}
