import { spawn } from "node:child_process";
import { PullcordError } from "@pullcord/sdk/protocol";

/** Longest that one call of git takes, in milliseconds. */
const longestMs = 60_000;
/** Most that one call of git says, in bytes. */
const mostBytes = 512 * 2 ** 20;

/**
 * An agent may have written the repository's configuration: no hook, no watcher of the file system, no other machine.
 * Only plumbing is called that runs nothing else the configuration can name: no filter, no signing, no editor, no pager.
 */
const hardened = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

export interface GitCall {
  readonly input?: Buffer | string;
  /** Exit statuses beside 0 that are answers. */
  readonly answers?: readonly number[];
}

/** Git's plumbing in one repository. Touches neither index, HEAD nor working tree. */
export class Git {
  readonly root: string;
  readonly #path: string;

  /** @param path where git is looked for */
  constructor(root: string, path: string) {
    this.root = root;
    this.#path = path;
  }

  /** @throws PullcordError `unavailable`/`git_missing`, `conflict`/`git_refused` with git's own words */
  async run(words: readonly string[], { input = "", answers = [] }: GitCall = {}): Promise<Buffer> {
    const { status, output, said } = await this.#call(words, input);
    if (status === 0 || (status !== null && answers.includes(status))) return output;
    const why = said.trim().split("\n")[0] ?? "";
    throw new PullcordError("conflict", "git_refused", `git ${words[0]} failed in ${this.root}: ${why || `exit status ${status}`}`);
  }

  /** The first line of an answer; null when git has none. */
  async line(...words: string[]): Promise<string | null> {
    const { status, output } = await this.#call(words, "");
    return status === 0 ? (output.toString("utf8").split("\n")[0] ?? null) : null;
  }

  #call(words: readonly string[], input: Buffer | string): Promise<{ status: number | null; output: Buffer; said: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn("git", ["--no-pager", "--no-replace-objects", ...hardened, ...words], {
        cwd: this.root,
        env: { ...environment(), PATH: this.#path },
        timeout: longestMs,
        killSignal: "SIGKILL",
      });
      const chunks: Buffer[] = [];
      let bytes = 0;
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > mostBytes) child.kill("SIGKILL");
      });
      child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString("utf8")}`.slice(0, 2_000)));
      child.on("error", (cause) => reject(missing(cause)));
      child.on("close", (status) => resolve({ status, output: Buffer.concat(chunks), said }));
      // Git may end before it has read all.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input);
    });
  }
}

/**
 * The server's own environment could lead git to another repository, index or set of objects. A missing object is not asked
 * for elsewhere, since the repository names the program that would: `GIT_NO_LAZY_FETCH` is git 2.45's, and an empty list of
 * protocols is the one that no configuration adds to.
 */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const closed = { GIT_ALLOW_PROTOCOL: "", GIT_NO_LAZY_FETCH: "1", GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" };
  return { ...Object.fromEntries(own), ...closed, LC_ALL: "C" };
}

function missing(cause: Error): PullcordError {
  const text = "Git could not be started on the server's machine, so nothing can be kept as a commit. Install git, or undo instead.";
  return new PullcordError("unavailable", "git_missing", text, { cause });
}
