import type { DatabaseSync } from "node:sqlite";
import type { AgentClient } from "../client/index.js";
import { isPullcordError, type OpenRun, type Run, type RunResult } from "../protocol/index.js";
import type { PostgresClient } from "../undo/database/postgres.js";
import { DatabaseUndo, ownDatabase, type PostgresDatabase, type SqliteDatabase } from "./database-undo.js";
import { GateRun } from "./gate-run.js";
import type { GateParts } from "./gate-parts.js";
import { gateClosed, killFilePresent } from "./guidance.js";
import { isKillFilePresent } from "./places.js";
import { UndoHandlers, type UndoHandler } from "./undo-handlers.js";

/** What a run is for, or all that can be said of it. */
export type RunOpening = string | OpenRun;

/** Enforces what the server decides. No answer is a no. */
export class Gate {
  readonly #parts: GateParts;
  readonly #undoHandlers: UndoHandlers;

  constructor(parts: GateParts) {
    this.#parts = parts;
    this.#undoHandlers = new UndoHandlers(parts.client);
  }

  /**
   * From now on this program takes back what actions handed in under this name, also of earlier runs, whenever a person
   * undoes them. Only programs with a token of the same agent are asked.
   */
  undoHandler(name: string, handler: UndoHandler): void {
    this.#undoHandlers.register(name, handler);
  }

  /**
   * A database of this program's own, under a name of the program's: rows that it changes in `transaction` are handed in,
   * and taken back by this program when a person undoes, also of earlier runs. Whoever has the agent's token can hand
   * something in under the name; what goes back is shown before.
   */
  databaseUndo<Client extends PostgresClient>(name: string, database: PostgresDatabase<Client>): DatabaseUndo<Client>;
  databaseUndo(name: string, database: SqliteDatabase): DatabaseUndo<DatabaseSync>;
  databaseUndo(name: string, database: PostgresDatabase | SqliteDatabase): DatabaseUndo<PostgresClient | DatabaseSync> {
    const undo = new DatabaseUndo(name, this.#parts.client, ownDatabase(database));
    this.#undoHandlers.answer(name, { isCompensation: false, answer: (task) => undo.answer(task) });
    return undo;
  }

  /** Takes nothing back any more. A gate without undo handlers needs no closing. */
  close(): Promise<void> {
    return this.#undoHandlers.close();
  }

  /**
   * Opens a run, does the work, and finishes the run with how it went.
   * @throws whatever the work throws; PullcordError `unavailable`/`gate_closed` when there is no server
   */
  async run<Result>(opening: RunOpening, work: (run: GateRun) => Promise<Result>): Promise<Result> {
    const run = await this.open(opening);
    try {
      const result = await work(run);
      await run.finish("succeeded");
      return result;
    } catch (error) {
      await run.finish(resultOf(error, run));
      throw error;
    } finally {
      await run.close();
    }
  }

  /** Opens a run that the caller finishes and closes itself. */
  open(opening: RunOpening): Promise<GateRun> {
    const said: OpenRun = typeof opening === "string" ? { task: opening } : opening;
    return this.#begin((client) => client.openRun({ workingDirectory: process.cwd(), ...said }));
  }

  /** Takes part in a run that somebody else opened, and finishes: a command below `pullcord run`, a sub-process. */
  join(runId: string): Promise<GateRun> {
    return this.#begin((client) => client.getRun(runId));
  }

  async #begin(open: (client: AgentClient) => Promise<Run>): Promise<GateRun> {
    const { client, url, killFiles } = this.#parts;
    const killFile = killFiles.find(isKillFilePresent);
    if (killFile !== undefined) throw killFilePresent(killFile);
    try {
      return new GateRun(this.#parts, await open(client));
    } catch (error) {
      throw isPullcordError(error) && error.code === "unavailable" ? gateClosed(url, error) : error;
    }
  }
}

function resultOf(error: unknown, run: GateRun): RunResult {
  const isAbort = error instanceof Error && error.name === "AbortError";
  return isAbort || run.signal.aborted ? "cancelled" : "failed";
}
