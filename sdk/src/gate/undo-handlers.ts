import type { AgentClient } from "../client/index.js";
import { isPullcordError, bounds, type JsonObject, type UndoTask, type UndoTaskAnswer } from "../protocol/index.js";

/** How long to wait after a question that found no server, in milliseconds. */
const restMs = 1_000;
const longestSentence = 2_000;

/** What a handler is told. */
export interface UndoOf {
  /** The same again when it is asked a second time, after a crash: whoever gets it must not do it twice. */
  readonly taskId: string;
  readonly actionId: string;
  readonly data: JsonObject;
  /** Aborts when the handler is closed. */
  readonly signal: AbortSignal;
}

/**
 * How a program takes back what an action of its own did. What it throws is told to the person who undoes.
 * A value that is `false` means "no": it can't be taken back any more, or did not hold.
 */
export interface UndoHandler {
  /** What would be done, in a sentence. Must change nothing. */
  readonly preview?: (undo: UndoOf) => Promise<string | false> | string | false;
  /** Does it. */
  readonly undo: (undo: UndoOf) => Promise<void> | void;
  /** Looks whether it holds. */
  readonly verify?: (undo: UndoOf) => Promise<boolean> | boolean;
  /** It doesn't undo the effect, but makes up for it by a further act: a refund, a message that takes another back. */
  readonly compensation?: boolean;
}

/** What answers the server's questions about one handler. What it throws is told to the person who undoes. */
interface Answering {
  readonly isCompensation: boolean;
  readonly answer: (task: UndoTask, signal: AbortSignal) => Promise<UndoTaskAnswer>;
}

/** The handlers of one program: asks the server for work as long as there are any. */
export class UndoHandlers {
  readonly #client: AgentClient;
  readonly #handlers = new Map<string, Answering>();
  #closing = new AbortController();
  #asking: Promise<void> | null = null;

  constructor(client: AgentClient) {
    this.#client = client;
  }

  register(name: string, handler: UndoHandler): void {
    this.answer(name, {
      isCompensation: handler.compensation ?? false,
      answer: (task, signal) => answerOf(name, handler, { task, signal }),
    });
  }

  answer(name: string, answering: Answering): void {
    this.#handlers.set(name, answering);
    // What is asked for at the moment doesn't name it yet.
    const [before, earlier] = [this.#closing, this.#asking];
    this.#closing = new AbortController();
    before.abort();
    const { signal } = this.#closing;
    this.#asking = (async () => {
      await earlier;
      await this.#askOn(signal);
    })();
  }

  async close(): Promise<void> {
    this.#handlers.clear();
    this.#closing.abort();
    await this.#asking;
  }

  async #askOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const task = await this.#fetch(signal);
      if (task) await this.#client.answerUndoTask(task.id, await this.#answer(task, signal)).catch(() => {});
    }
  }

  async #fetch(signal: AbortSignal): Promise<UndoTask | null> {
    const handlers = [...this.#handlers].map(([name, { isCompensation }]) => ({ name, isCompensation }));
    try {
      return await this.#client.fetchUndoTask({ handlers, waitMs: bounds.longPollMs }, { signal });
    } catch {
      // No server at the moment, or this question was given up.
      if (!signal.aborted) await rest(signal);
      return null;
    }
  }

  async #answer(task: UndoTask, signal: AbortSignal): Promise<UndoTaskAnswer> {
    const handler = this.#handlers.get(task.handler);
    if (!handler) return { isDone: false, sentence: `${task.handler} is not registered any more.` };
    try {
      return await handler.answer(task, signal);
    } catch (error) {
      return { isDone: false, sentence: cut(isPullcordError(error) || error instanceof Error ? error.message : String(error)) };
    }
  }
}

interface Asked {
  readonly task: UndoTask;
  readonly signal: AbortSignal;
}

async function answerOf(
  name: string,
  handler: UndoHandler,
  { task: { id, kind, actionId, data }, signal }: Asked,
): Promise<UndoTaskAnswer> {
  const about = { taskId: id, actionId, data, signal };
  switch (kind) {
    case "preview": {
      const said = await (handler.preview?.(about) ?? `${name} takes it back.`);
      return said === false ? { isDone: false, sentence: `${name} can't take it back any more.` } : { isDone: true, sentence: cut(said) };
    }
    case "undo":
      await handler.undo(about);
      return { isDone: true, sentence: "" };
    case "verify":
      return { isDone: (await handler.verify?.(about)) ?? true, sentence: "" };
  }
}

function cut(sentence: string): string {
  return sentence.slice(0, longestSentence).toWellFormed();
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, restMs);
    signal.addEventListener("abort", end);
  });
}
