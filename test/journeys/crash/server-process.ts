import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("server.mjs", import.meta.url));
const startMs = 60_000;

export interface Started {
  readonly url: string;
  readonly owner: string;
  readonly tokens: Readonly<Record<string, string>>;
}

/** A server in a process of its own, to be killed. */
export class ServerProcess {
  readonly #child: ChildProcess;
  #errors = "";

  constructor() {
    this.#child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#child.stdin?.on("error", () => {});
  }

  /** Rejects when it ends before it is ready, with what it said. */
  async start(options: { readonly dataFolder: string; readonly agents: readonly string[] }): Promise<Started> {
    this.#child.stdin?.write(`${JSON.stringify(options)}\n`);
    const limit = AbortSignal.timeout(startMs);
    const ended = once(this.#child, "exit", { signal: limit }).then(([status, signal]) => {
      throw new Error(`the server ended with ${status ?? signal}: ${this.#errors}`);
    });
    ended.catch(() => {});
    if (!this.#child.stdout) throw new Error("the server has no output");
    const ready = once(createInterface({ input: this.#child.stdout }), "line", { signal: limit });
    ready.catch(() => {});
    const [line] = (await Promise.race([ready, ended])) as [string];
    return JSON.parse(line) as Started;
  }

  /** What it wrote to standard error. */
  get complaints(): string {
    return this.#errors;
  }

  /** It stands still from now on: connections are taken by the system, and nothing is answered. */
  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  /** SIGKILL; answers the signal that it really ended with. */
  async kill(): Promise<NodeJS.Signals | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, "exit");
      this.#child.kill("SIGKILL");
      await gone;
    }
    return this.#child.signalCode;
  }
}
