import { setTimeout as sleep } from "node:timers/promises";
import type { InterventionEffect, Mode, RunningProcesses, RunProcess } from "@pullcord/sdk/protocol";
import { effectOf, endRun, findMembers, freezeRun, thawRun, type Ending } from "./end-run.js";
import { isMachine } from "./identity.js";
import { Lookout } from "./lookout.js";
import { runningProcesses } from "./running-processes.js";
import { targetOf } from "./said-target.js";

/** A run whose processes have to go, stand still or go on. */
export interface ProcessTask {
  readonly runId: string;
  readonly interventionId: string;
  readonly process: RunProcess;
}

/** A line of the receipt. */
export type EndReport = Omit<InterventionEffect, "at" | "by"> & { readonly interventionId: string };

/** What the ender needs of the server. */
export interface EnderParts {
  readonly mode: Mode;
  readonly onFailure: (error: unknown) => void;
}

/** A supervisor whose run still has processes by then has died or stands still itself: the server ends them. Milliseconds. */
const supervisorFirstMs = 1_500;
/** Without a word by then, the server says what it sees, within the 5 s of E5. Milliseconds. */
const supervisorReportMs = 4_000;
const lookEveryMs = 100;

/** Ends what is left of stopped runs on this machine, and reports what came of it. */
export class RunEnder {
  /** Set once there is somewhere to report to. */
  report: (report: EndReport) => Promise<void> = () => Promise.resolve();
  /** True when the receipt of that stop has its last line for the run. */
  isReported: (task: Pick<ProcessTask, "runId" | "interventionId">) => Promise<boolean> = () => Promise.resolve(false);
  readonly #parts: EnderParts;
  readonly #underWay = new Set<Promise<void>>();
  /** Where everything is stopped, its runs are looked for together. */
  readonly #lookout = new Lookout();

  constructor(parts: EnderParts) {
    this.#parts = parts;
  }

  end(task: ProcessTask): void {
    this.#begin(() => this.#end(task));
  }

  /** Ends what a finished run left, should there be anything. */
  endLeft({ runId, interventionId, process: said }: ProcessTask): void {
    this.#begin(async () => {
      // Open runs come first, and others between two looks.
      await sleep(0);
      if (this.#blindness(said) !== null || !(await this.#isAnyLeft(runId, said))) return;
      await this.report({ runId, interventionId, ...effectOf(await this.#endNow(runId, said)) });
    });
  }

  /** Makes the run's processes stand still, where nobody else does. */
  freeze(task: ProcessTask): void {
    this.#begin(async () => {
      const { runId, interventionId } = task;
      if (this.#blindness(task.process) !== null) return;
      const frozen = freezeRun(targetOf(runId, task.process), this.#lookout);
      await this.report({ runId, interventionId, step: "frozen", detail: `${frozen} processes stand still` });
    });
  }

  /** The run's processes as they are now. */
  look(runId: string, said: RunProcess): RunningProcesses {
    const blindness = this.#blindness(said);
    if (blindness !== null) return { items: [], unseen: blindness };
    return { items: runningProcesses(findMembers(targetOf(runId, said), this.#lookout)), unseen: unseenOf(said) };
  }

  thaw({ runId, process: said }: Omit<ProcessTask, "interventionId">): void {
    if (this.#blindness(said) === null) thawRun(targetOf(runId, said), this.#lookout);
  }

  /** Ends what a dead supervisor left. @returns null when that can't be done or seen from here */
  async endLost(runId: string, said: RunProcess): Promise<Ending | null> {
    return this.#blindness(said) === null ? this.#endNow(runId, said) : null;
  }

  /** Resolves when every receipt is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #begin(work: () => Promise<void>): void {
    const ending = work()
      .catch(this.#parts.onFailure)
      .finally(() => this.#underWay.delete(ending));
    this.#underWay.add(ending);
  }

  async #end(task: ProcessTask): Promise<void> {
    const { runId, interventionId, process: said } = task;
    const isSaid = said.supervised === true && (await this.#hasSupervisorReported(task));
    const blindness = this.#blindness(said);
    // A supervisor speaks with an agent's token: where this server can look, it believes what it sees.
    if (isSaid && (blindness !== null || !(await this.#isAnyLeft(runId, said)))) return;
    if (blindness !== null) {
      // A supervisor on another machine reports when it can.
      if (!said.supervised) await this.report({ runId, interventionId, step: "unproven", detail: blindness });
      return;
    }
    const ending = await this.#endNow(runId, said);
    if (said.supervised && !isSaid && (await this.isReported(task))) return;
    const unseen = unseenOf(said) ?? unfoundOf(said, ending);
    const effect = effectOf(ending);
    await this.report({ runId, interventionId, ...effect, ...(unseen !== null && { step: "unproven", detail: unseen }) });
  }

  /** Waits for the supervisor's word: as long as nothing is seen to be left, its report may just be late. */
  async #hasSupervisorReported(task: ProcessTask): Promise<boolean> {
    const askedAt = Date.now();
    const isBlind = this.#blindness(task.process) !== null;
    for (; Date.now() - askedAt < supervisorReportMs; await sleep(lookEveryMs)) {
      if (await this.isReported(task)) return true;
      const isDue = !isBlind && Date.now() - askedAt > supervisorFirstMs;
      if (isDue && (await this.#isAnyLeft(task.runId, task.process))) return false;
    }
    return this.isReported(task);
  }

  async #isAnyLeft(runId: string, said: RunProcess): Promise<boolean> {
    const all = await this.#lookout.look();
    return findMembers(targetOf(runId, said), this.#lookout, all).length > 0;
  }

  #endNow(runId: string, said: RunProcess): Promise<Ending> {
    return endRun(targetOf(runId, said), { lookout: this.#lookout });
  }

  /** Why this server can't see the run's processes; null when it can. */
  #blindness({ supervisor }: RunProcess): string | null {
    if (this.#parts.mode === "remote" || (supervisor && !isMachine(supervisor.machine))) {
      return "The run's processes are on another machine, which this server can't see.";
    }
    const isRoot = process.getuid?.() === 0;
    return this.#parts.mode === "service-user" && !isRoot
      ? "The run's processes belong to another account, which this server can't look into."
      : null;
  }
}

/** What a run named can't show the whole of it: a client that was never seen may still be there. */
function unseenOf({ pid, marker, place, supervised }: RunProcess): string | null {
  const isWhole = supervised || pid !== undefined || place !== undefined || marker?.name === "PULLCORD_RUN_ID";
  return isWhole ? null : "The client's own process is not known here; only what it started could be found.";
}

/** Nothing was found by what the run said of itself: then that may be what is wrong. */
function unfoundOf({ pid, supervised }: RunProcess, { ended, survivors }: Ending): string | null {
  const isKnownGone = pid !== undefined && supervised !== true;
  if (ended > 0 || survivors.length > 0 || isKnownGone) return null;
  return "No process was found by what the run said of itself; it may have ended before, or not carry its mark.";
}
