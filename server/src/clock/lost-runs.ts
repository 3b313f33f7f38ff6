import { appendLog, finishRun } from "../commands/run-reports.js";
import { systemCaller, type CommandRunner } from "../commands/runner.js";
import { silentRunMs } from "../commands/signs-of-life.js";
import { quietRuns, supervisedRuns, type StoredRun } from "../store/runs.js";

/**
 * Finds runs whose supervisor or client has died without a word, or that nothing was heard of for a day; ends what they
 * left and closes them as lost. A run is looked at twice: its own watchdog comes first, and a supervisor that has just
 * finished may still be saying so.
 */
export class LostRuns {
  readonly #runner: CommandRunner;
  #suspected = new Set<string>();

  constructor(runner: CommandRunner) {
    this.#runner = runner;
  }

  async look(): Promise<void> {
    const { store, outside } = this.#runner;
    const orphaned = (await supervisedRuns(store.read)).filter(({ opening }) => {
      const supervisor = opening.process?.supervisor;
      return supervisor !== undefined && outside.isGone(supervisor);
    });
    const certain = orphaned.filter(({ id }) => this.#suspected.has(id));
    this.#suspected = new Set(orphaned.map(({ id }) => id));
    const { now } = this.#runner;
    for (const run of (await quietRuns(store.read, now - silentRunMs)).filter((each) => outside.signsOfLife.isSilent(each, now))) {
      await this.#lose(run, `nothing was heard of this run for ${silentRunMs / 3_600_000} hours, so it is taken for lost.`);
    }
    for (const run of certain) {
      const came = await outside.endLost(run.id, run.opening.process ?? {});
      await this.#lose(run, `whoever watched over this run died; ${came}`);
    }
  }

  /** Its questions are withdrawn with it. */
  async #lose({ id: runId }: StoredRun, why: string): Promise<void> {
    const lines = [{ stream: "note", text: `Pullcord: ${why}` }] as const;
    await this.#runner.run(appendLog, { runId, lines }, systemCaller);
    await this.#runner.run(finishRun, { runId, result: "lost" }, systemCaller);
  }
}
