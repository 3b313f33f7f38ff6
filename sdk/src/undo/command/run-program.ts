import { execFile } from "node:child_process";
import { closeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { PullcordError } from "../../protocol/index.js";
import { Folder, hasHandlePaths } from "../folder.js";
import { environmentOf } from "./environment.js";
import type { Call, Output } from "./family.js";
import { masked } from "./masked.js";

/** How long a step of an undo may take, in milliseconds. */
export const stepMs = 120_000;
/** Most output that is read of a program, in bytes. */
const mostOutput = 8 * 2 ** 20;
/** Most of what a program says of its failure, in characters. */
const mostOfAnError = 300;

export interface Running {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limitMs: number;
}

/**
 * Runs one program to its end: no shell, no input but its own, from `/`, so that nothing in an agent's folder is read as
 * settings. A folder or file that its call names is reached without following a link.
 * @throws PullcordError `unavailable`/`not_looked_at` when it isn't there or takes too long
 */
export async function runProgram(call: Call, running: Running): Promise<Output> {
  const { folder, file } = call;
  if (file !== undefined)
    return inFolder(dirname(file), async (above) => {
      const handle = reached(file, () => above.handle(basename(file)));
      try {
        const opened = hasHandlePaths ? `/proc/${process.pid}/fd/${handle}` : file;
        return await run({ ...call, argv: call.argv.map((word) => (word === file ? opened : word)) }, "/", running);
      } finally {
        closeSync(handle);
      }
    });
  if (folder !== undefined) return inFolder(folder, ({ path }) => run(call, path, running));
  return run(call, "/", running);
}

async function inFolder<T>(path: string, work: (folder: Folder) => Promise<T>): Promise<T> {
  const folder = reached(path, () => Folder.open(path));
  try {
    return await work(folder);
  } finally {
    folder.close();
  }
}

function reached<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch {
    throw notLookedAt(`${path} is not there any more, or a link leads elsewhere.`);
  }
}

function run({ argv, input = "", environment: own = {} }: Call, cwd: string, { environment, limitMs }: Running): Promise<Output> {
  const [program = "", ...words] = argv;
  const env = { ...environmentOf(argv, environment), ...own };
  const options = { cwd, env, timeout: limitMs, killSignal: "SIGKILL" as const, maxBuffer: mostOutput, shell: false };
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
  // The last that Docker says is how another program of its own ended.
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^exit status \d+$/.test(line));
  const last = lines.at(-1) ?? `status ${status}`;
  throw notLookedAt(masked(last.slice(0, mostOfAnError)));
}

/** A call as one would type it. */
export function typedCall({
  argv,
  folder,
  environment = {},
}: Pick<Call, "argv" | "environment"> & { readonly folder?: string | undefined }): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  return `${folder === undefined ? "" : `cd ${quoted(folder)} && `}${[...variables, ...argv.map(quoted)].join(" ")}`;
}

/** A call for people: letter for letter, but for credentials in it. */
export function shownCall(call: Call): string {
  return `${masked(typedCall(call))}${call.input === undefined ? "" : " (given what stood there before)"}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
