import { appendLog, finishRun } from "../commands/run-reports.js";
import { systemCaller, type CommandRunner } from "../commands/runner.js";
import { supervisedRuns } from "../store/runs.js";

/**
 * Finds runs whose supervisor has died without a word, ends what they left and closes them as lost. A run is looked at
 * twice: its own watchdog comes first, and a supervisor that has just finished may still be saying so.
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
    for (const { id: runId, opening } of certain) {
      const came = await outside.endLost(runId, opening.process ?? {});
      const lines = [{ stream: "note", text: `Pullcord: the supervisor of this run died; ${came}` }] as const;
      await this.#runner.run(appendLog, { runId, lines }, systemCaller);
      await this.#runner.run(finishRun, { runId, result: "lost" }, systemCaller);
    }
  }
}
