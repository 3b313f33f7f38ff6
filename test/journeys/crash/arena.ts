import { AgentClient, PersonClient } from "@pullcord/sdk/client";
import { ServerProcess, type Started } from "./server-process.js";

/** One data folder, and the servers that live on it one after the other. */
export class Arena {
  readonly #folder: string;
  readonly #agents: readonly string[];
  #standby = new ServerProcess();
  #current: ServerProcess | null = null;
  #tokens: Readonly<Record<string, string>> = {};
  #started: Promise<Started>;
  #isOver = false;
  readonly #servers: ServerProcess[] = [];

  private constructor(folder: string, agents: readonly string[]) {
    this.#folder = folder;
    this.#agents = agents;
    this.#started = this.#startNext();
  }

  static async open(folder: string, agents: readonly string[]): Promise<Arena> {
    const arena = new Arena(folder, agents);
    const { tokens } = await arena.#started;
    arena.#tokens = tokens;
    return arena;
  }

  /** True when clients should send nothing more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What its servers wrote to standard error. */
  get complaints(): readonly string[] {
    return this.#servers.map((server) => server.complaints).filter((text) => text !== "");
  }

  endWork(): void {
    this.#isOver = true;
  }

  /** The server that is there, or the next one once it is. */
  async agent(name: string): Promise<AgentClient> {
    return new AgentClient({ url: (await this.#started).url, token: this.#tokens[name] ?? "" });
  }

  async person(): Promise<PersonClient> {
    const { url, owner } = await this.#started;
    return new PersonClient({ url, token: owner });
  }

  /** Kills the server and starts the next one. */
  async replace(): Promise<NodeJS.Signals | null> {
    const signal = await this.#current?.kill();
    this.#started = this.#startNext();
    return signal ?? null;
  }

  /** Starts a server and kills it `afterMs` later, ready or not. */
  async killWhileStarting(afterMs: number): Promise<NodeJS.Signals | null> {
    await this.#started;
    await this.#current?.kill();
    void this.#startNext();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    const signal = await this.#current?.kill();
    this.#started = this.#startNext();
    return signal ?? null;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#current?.kill();
    await this.#standby.kill();
  }

  #startNext(): Promise<Started> {
    const next = this.#standby;
    this.#current = next;
    this.#servers.push(next);
    this.#standby = new ServerProcess();
    const isFirst = Object.keys(this.#tokens).length === 0;
    const started = next.start({ dataFolder: this.#folder, agents: isFirst ? this.#agents : [] });
    // Whoever waits for it learns when it fails; nobody may be waiting.
    started.catch(() => {});
    return started;
  }
}
