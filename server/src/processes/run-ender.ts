import type { InterventionEffect, Mode, RunProcess } from "@pullcord/sdk/protocol";
import { ancestorsOf } from "./ancestors.js";
import { endProcesses } from "./end-processes.js";
import { readProcess } from "./proc.js";

/** A stopped run whose processes have to go. */
export interface EndTarget {
  readonly runId: string;
  readonly interventionId: string;
  readonly process: RunProcess;
}

/** A line of the receipt. */
export type EndReport = Omit<InterventionEffect, "at" | "by"> & { readonly interventionId: string };

/** Ends what is left of stopped runs on this machine, and reports what came of it. */
export class RunEnder {
  /** Set once there is somewhere to report to. */
  report: (report: EndReport) => Promise<void> = () => Promise.resolve();
  readonly #onFailure: (error: unknown) => void;
  readonly #underWay = new Set<Promise<void>>();

  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  end(target: EndTarget, mode: Mode): void {
    const ending = this.#end(target, mode)
      .catch(this.#onFailure)
      .finally(() => this.#underWay.delete(ending));
    this.#underWay.add(ending);
  }

  /** Resolves when every receipt is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #end({ runId, interventionId, process: target }: EndTarget, mode: Mode): Promise<void> {
    const about = { runId, interventionId } as const;
    if (mode === "remote") {
      const detail = "The run's processes are on another machine, which this server can't see.";
      return this.report({ ...about, step: "unproven", detail });
    }
    const { ended, survivors, tookMs } = await endProcesses({ marker: target.marker, pid: ownPid(target) });
    const step = survivors.length === 0 ? "ended" : "unproven";
    await this.report({ ...about, step, processesEnded: ended, survivors, detail: `took ${tookMs} ms` });
  }
}

/** A process with the moment it started, so that another one which is given its number later is not taken for it. */
export function identify(pid: number): RunProcess {
  const startedAt = readProcess(pid)?.startedAt;
  return { pid, ...(startedAt === undefined ? {} : { startedAt }) };
}

/** The pid to end: still the same process, and neither this server nor one that it descends from. */
function ownPid({ pid, startedAt }: RunProcess): number | undefined {
  if (pid === undefined || pid === process.pid || ancestorsOf().some((ancestor) => ancestor.pid === pid)) return undefined;
  if (startedAt !== undefined && readProcess(pid)?.startedAt !== startedAt) return undefined;
  return pid;
}
