import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A Node process of this folder that says one line of JSON when it has something to say. */
export interface Child<T> {
  readonly said: T;
  /** Processor time that it used so far, in milliseconds; 0 where the system does not tell. */
  processorMs(): number;
  end(): Promise<void>;
}

const firstWordMs = 60_000;
/** Linux counts processor time in these, whatever the kernel was built with (USER_HZ). */
const tickMs = 10;

export async function startChild<T>(program: string, argument: unknown, nodeFlags: readonly string[] = []): Promise<Child<T>> {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, file, JSON.stringify(argument)], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await firstLine(child, program);
  return { said: JSON.parse(line) as T, processorMs: () => processorMs(child.pid ?? 0), end: () => end(child) };
}

async function firstLine(child: ChildProcess, program: string): Promise<string> {
  if (!child.stdout) throw new Error(`${program} has no output`);
  const lines = createInterface({ input: child.stdout });
  const limit = AbortSignal.timeout(firstWordMs);
  const ended = once(child, "exit", { signal: limit }).then(([status]) => {
    throw new Error(`${program} ended with status ${status} and said nothing`);
  });
  const [line] = (await Promise.race([once(lines, "line", { signal: limit }), ended])) as [string];
  ended.catch(() => {});
  return line;
}

/** Processor time that a process used so far, in milliseconds; 0 when it is gone or the system does not tell. */
export function processorMs(pid: number): number {
  const file = `/proc/${pid}/stat`;
  try {
    const fields = readFileSync(file, "utf8").split(") ")[1]?.split(" ") ?? [];
    const [user, system] = fields.slice(11, 13);
    return (Number(user) + Number(system)) * tickMs;
  } catch {
    return 0;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
