import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { JsonObject, LogStream } from "@pullcord/sdk";
import type { Environment, Surroundings } from "../surroundings.js";

/** What shells add to a signal's number. */
const signalBase = 128;

export interface CommandOptions {
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly surroundings: Pick<Surroundings, "stdout" | "stderr">;
  readonly onLine: (text: string, stream: LogStream) => void;
}

/** A command in a process group of its own. */
export interface RunningCommand {
  readonly pid: number;
  /** The exit status as a shell gives it: 128 and the signal's number when a signal ended it. */
  readonly ended: Promise<number>;
}

/**
 * Starts the approved arguments: `argv` without a shell, `command` with one.
 * @throws the system's error when it can't be started
 */
export async function startCommand(approved: JsonObject, options: CommandOptions): Promise<RunningCommand> {
  const [program = "", ...args] = wordsOf(approved);
  const child = spawn(program, args, {
    cwd: options.workingDirectory,
    env: { ...options.environment },
    stdio: ["inherit", "pipe", "pipe"],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const closed = Promise.all([passOn(child, "stdout", options), passOn(child, "stderr", options)]);
  const ended = new Promise<number>((resolve) => {
    child.once("exit", (status, signal) => {
      const result = signal === null ? (status ?? 1) : signalBase + constants.signals[signal];
      // A process left behind may keep the pipe open for ever: what it says later is not waited for.
      void Promise.race([closed, new Promise((late) => setTimeout(late, outputAfterEndMs).unref())]).then(() => resolve(result));
    });
  });
  return { pid: child.pid ?? 0, ended };
}

const outputAfterEndMs = 500;

function wordsOf({ argv, command }: JsonObject): string[] {
  if (Array.isArray(argv)) return argv.map(String);
  return ["/bin/sh", "-c", typeof command === "string" ? command : ""];
}

async function passOn(child: ChildProcess, stream: "stdout" | "stderr", { surroundings, onLine }: CommandOptions): Promise<void> {
  const source = child[stream];
  if (!source) return;
  source.on("data", (chunk: Buffer) => surroundings[stream].write(chunk.toString("utf8")));
  for await (const line of createInterface({ input: source, crlfDelay: Infinity })) onLine(line, stream);
}
