import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { SqliteAnswer, SqliteAsk } from "./sqlite-process.js";

/** How long one statement may take, in milliseconds: an action waits for it, and nothing else does. */
const statementMs = 8_000;

/** The program beside this file; from the sources, in tests, Node takes the types off by itself. */
const program = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "sqlite-process.ts" : "sqlite-process.js", import.meta.url));

/** One that has nothing to do is kept for the next session: starting one takes longer than most of them. */
let idle: SqliteRunner | null = null;

/** Runs SQLite's statements in a process of its own, which is ended when one takes too long. */
export class SqliteRunner {
  readonly #child: ChildProcess;
  readonly #waiting: ((answer: SqliteAnswer) => void)[] = [];
  #ended: string | null = null;

  private constructor() {
    // It gets nothing of the server's environment: what runs in it is an agent's. By its standard input it sees that this process is gone.
    this.#child = fork(program, { env: {}, execArgv: ["--no-warnings"], stdio: ["pipe", "ignore", "ignore", "ipc"] });
    this.#child.on("message", (answer: SqliteAnswer) => this.#waiting.shift()?.(answer));
    this.#child.on("error", (error) => this.#gone(error.message));
    this.#child.on("exit", () => this.#gone("Its process has ended."));
  }

  static take(): SqliteRunner {
    const taken = idle && idle.#ended === null ? idle : new SqliteRunner();
    idle = null;
    taken.#child.ref();
    taken.#child.channel?.ref();
    return taken;
  }

  static #keep(runner: SqliteRunner): void {
    idle = runner;
  }

  /** @throws Error with SQLite's own words, or that it took too long */
  async ask(ask: SqliteAsk): Promise<Extract<SqliteAnswer, { readonly rows: unknown }>["rows"]> {
    if (this.#ended !== null) throw new Error(this.#ended);
    const timer = setTimeout(() => this.#end(`It took longer than ${statementMs / 1_000} s.`), statementMs);
    try {
      const answer = await new Promise<SqliteAnswer>((resolve) => {
        this.#waiting.push(resolve);
        this.#child.send(ask, (error) => error && this.#end(error.message));
      });
      if ("error" in answer) throw new Error(answer.error);
      return answer.rows;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes back what was begun, where the process is still there; where it is not, SQLite does so itself. */
  async rollback(): Promise<void> {
    if (this.#ended === null) await this.ask({ kind: "rollback" });
  }

  async release(): Promise<void> {
    if (this.#ended !== null) return;
    await this.ask({ kind: "close" });
    if (idle !== null) return this.#end("It was let go.");
    this.#child.unref();
    (this.#child.stdin as Socket | null)?.unref();
    this.#child.channel?.unref();
    SqliteRunner.#keep(this);
  }

  /** Whoever waits hears of it once the process is gone, and the file with it is free. */
  #end(why: string): void {
    this.#ended ??= why;
    this.#child.kill("SIGKILL");
  }

  #gone(why: string): void {
    this.#ended ??= why;
    for (const answered of this.#waiting.splice(0)) answered({ error: this.#ended });
  }
}
