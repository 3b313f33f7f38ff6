import { execFile } from "node:child_process";
import { PullcordError } from "../../protocol/index.js";
import type { Call, Output } from "./family.js";

/** How long a step of an undo may take, in milliseconds. */
export const stepMs = 120_000;
/** Most output that is read of a program, in bytes. */
const mostOutput = 8 * 2 ** 20;

export interface Running {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limitMs: number;
}

/**
 * Runs one program to its end: no shell, no input but its own, from `/`, so that nothing in an agent's folder is read as
 * settings. It speaks English, and asks nobody for a password.
 * @throws PullcordError `unavailable`/`not_looked_at` when it isn't there or takes too long
 */
export async function runProgram({ argv, input = "", environment: own = {} }: Call, { environment, limitMs }: Running): Promise<Output> {
  const [program = "", ...words] = argv;
  const inherited = Object.entries(environment).filter(([name]) => !/^(PULLCORD|GIT|npm)_/i.test(name) || name === "npm_config_prefix");
  const env = { ...Object.fromEntries(inherited), LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_SSH_COMMAND: "ssh -o BatchMode=yes", ...own };
  const options = { cwd: "/", env, timeout: limitMs, killSignal: "SIGKILL" as const, maxBuffer: mostOutput, shell: false };
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      const { code } = error ?? { code: 0 };
      if (typeof code === "number" && child.signalCode === null) resolve({ status: code, stdout, stderr });
      else reject(notLookedAt(code === "ENOENT" ? `${program} is not there.` : `${program} did not answer in ${limitMs / 1_000} s.`));
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

/** @returns an error that says why something could not be found out */
export function notLookedAt(sentence: string): PullcordError {
  return new PullcordError("unavailable", "not_looked_at", sentence);
}

/** What a program wrote when all went well. @throws PullcordError `unavailable`/`not_looked_at` when it did not */
export function told({ status, stdout, stderr }: Output): string {
  if (status === 0) return stdout;
  const [last = `status ${status}`] = stderr.trim().split("\n").slice(-1);
  throw notLookedAt(last.slice(0, 300));
}

/** A call as one would type it. */
export function shownCall({ argv, input, environment = {} }: Call): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  return `${[...variables, ...argv.map(quoted)].join(" ")}${input === undefined ? "" : " (given what stood there before)"}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
