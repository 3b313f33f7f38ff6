import { SnapshotKeeper, type KeeperOptions } from "../keeper.js";
import { change } from "./churn.test.support.js";
import type { KeptStatements } from "./database-kind.js";
import type { Statement } from "./statement.js";

/** One run on one database, in any dialect. For tests only. */
export interface RowsWorkshopOptions extends Pick<KeptStatements, "place" | "shown" | "keepsReferences"> {
  readonly folder: string;
  readonly connect?: KeeperOptions["connect"];
  /** What an agent may do at a step; without it, what SQLite and PostgreSQL share. */
  readonly change?: (step: number, random: () => number) => readonly Statement[];
  /** Runs a statement as the agent's client does. */
  readonly run: (sql: string) => unknown;
}

export class RowsWorkshop {
  readonly keeper: SnapshotKeeper;
  readonly #options: RowsWorkshopOptions;

  constructor(options: RowsWorkshopOptions) {
    const { folder, connect } = options;
    this.#options = options;
    this.keeper = new SnapshotKeeper({
      folder,
      ownFolder: folder,
      quotaBytes: 2 ** 30,
      bounds: { mostEntries: 1_000, longestMs: 60_000 },
      ...(connect ? { connect } : {}),
    });
  }

  /** An action is kept, runs, and is looked at again. */
  async act(actionId: string, statements: readonly Statement[], work: () => unknown = () => this.#runAll(statements)): Promise<void> {
    const key = { runId: "r", actionId };
    this.keeper.began(key);
    await this.began(actionId, statements);
    await work();
    await this.keeper.ended(key);
  }

  began(actionId: string, statements: readonly Statement[]): Promise<unknown> {
    const { place, shown, keepsReferences } = this.#options;
    const how = keepsReferences === undefined ? {} : { keepsReferences };
    return this.keeper.databases.began({ runId: "r", actionId }, { place, shown, statements, ...how });
  }

  async undo(id = "u1", selection: { actionId?: string; only?: string[] } = {}) {
    const parts = await this.keeper.plan({ runId: "r", ...selection });
    this.keeper.begin(id, parts);
    return { planned: this.keeper.shown(parts), end: await this.keeper.carryOut(id) };
  }

  async redo(of: string, id: string) {
    this.keeper.begin(id, await this.keeper.planRedo(of));
    return this.keeper.carryOut(id);
  }

  /** Many changes; those that cannot be kept are not run. @returns how many were, and why others were not */
  async churn(count: number, random: () => number, between: (step: number) => unknown = () => {}) {
    const { change: own = (at) => change(at, random, true) } = this.#options;
    const refused: string[] = [];
    for (let step = 0; step < count; step++) {
      await this.act(`a${step}`, own(step, random)).catch((error: unknown) => {
        if ((error as { reason?: string }).reason !== "rows_not_kept") throw error;
        refused.push((error as Error).message);
      });
      await between(step);
    }
    return { done: count - refused.length, refused };
  }

  async #runAll(statements: readonly Statement[]): Promise<void> {
    for (const { text } of statements) await this.#options.run(text);
  }
}

/** A change of rows. */
export function statement(text: string, ...tables: string[]): Statement {
  return { text, tables };
}
