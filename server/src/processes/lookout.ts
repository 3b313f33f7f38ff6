import { setImmediate as turn } from "node:timers/promises";
import { allProcesses } from "./all-processes.js";
import type { ProcessInfo } from "./process-info.js";
import { environmentOf, type Marker } from "./proc.js";

interface Environment {
  readonly startedAt: string;
  readonly environmentAt: string;
  readonly variables: ReadonlyMap<string, string>;
}

/** Looks at everything that runs on this machine, once for all who ask at the same time: where many runs end at once, looking takes the longest. */
export class Lookout {
  readonly #environments = new Map<number, Environment>();
  #next: Promise<readonly ProcessInfo[]> | null = null;

  /** All that runs. The look begins after this call, so it sees what came of whatever was done before. */
  look(): Promise<readonly ProcessInfo[]> {
    this.#next ??= turn().then(() => {
      this.#next = null;
      return this.lookNow();
    });
    return this.#next;
  }

  /** The same, without waiting for others. */
  lookNow(): readonly ProcessInfo[] {
    const all = allProcesses();
    const running = new Set(all.map(({ pid }) => pid));
    for (const [pid, each] of this.#environments) if (!running.has(pid) || !isLasting(each)) this.#environments.delete(pid);
    return all;
  }

  carries(each: ProcessInfo, { name, value }: Marker): boolean {
    const { environment } = each;
    return environment === undefined ? this.variablesOf(each).get(name) === value : ` ${environment} `.includes(` ${name}=${value} `);
  }

  /** What a process was started with, as far as it can be read; read once for each program that it begins. */
  variablesOf({ pid, startedAt, environmentAt = "0" }: ProcessInfo): ReadonlyMap<string, string> {
    const known = this.#environments.get(pid);
    if (known?.startedAt === startedAt && known.environmentAt === environmentAt) return known.variables;
    const variables = environmentOf(pid);
    this.#environments.set(pid, { startedAt, environmentAt, variables });
    return variables;
  }
}

/** What can't be told from its next program, or has nothing yet, is read again at the next look. */
function isLasting({ environmentAt, variables }: Environment): boolean {
  return environmentAt !== "0" && variables.size > 0;
}
