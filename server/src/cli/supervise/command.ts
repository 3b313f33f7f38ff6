import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { ContainmentPlace, JsonObject, LogStream } from "@pullcord/sdk";
import type { Grade } from "../../processes/containment/grade.js";
import type { Environment, Surroundings } from "../surroundings.js";

/** What shells add to a signal's number. */
const signalBase = 128;

export interface CommandOptions {
  /** Names the place that holds it. */
  readonly name: string;
  readonly grade: Grade;
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly surroundings: Pick<Surroundings, "stdout" | "stderr">;
  /** What it finds open beside the standard streams. */
  readonly inherited: readonly ("ignore" | number)[];
  readonly onLine: (text: string, stream: LogStream) => void;
}

/** A command in a session of its own, and whatever else holds it. */
export interface RunningCommand {
  readonly pid: number;
  readonly place: ContainmentPlace;
  /** The exit status as a shell gives it: 128 and the signal's number when a signal ended it. */
  readonly ended: Promise<number>;
}

/**
 * Starts the approved arguments: `argv` without a shell, `command` with one.
 * @throws the system's error when it can't be started
 */
export async function startCommand(approved: JsonObject, options: CommandOptions): Promise<RunningCommand> {
  const { name, grade, environment, workingDirectory: cwd } = options;
  const stdio: StdioOptions = ["inherit", "pipe", "pipe", ...options.inherited];
  let started: Promise<unknown> = Promise.resolve();
  let ended: Promise<number> = Promise.resolve(1);
  const { child, place } = await grade.start({
    name,
    words: wordsOf(approved),
    spawn: ([program = "", ...args]) => {
      const each = spawn(program, args, { cwd, env: { ...environment }, stdio, detached: true });
      started = once(each, "spawn");
      ended = endOf(each, options);
      return each;
    },
  });
  await started;
  return { pid: child.pid ?? 0, place, ended };
}

function endOf(child: ChildProcess, options: CommandOptions): Promise<number> {
  const closed = Promise.all([passOn(child, "stdout", options), passOn(child, "stderr", options)]);
  return new Promise<number>((resolve) => {
    child.once("exit", (status, signal) => {
      const result = signal === null ? (status ?? 1) : signalBase + constants.signals[signal];
      // A process left behind may keep the pipe open for ever: what it says later is not waited for.
      void Promise.race([closed, new Promise((late) => setTimeout(late, outputAfterEndMs).unref())]).then(() => resolve(result));
    });
  });
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
