import { join } from "node:path";
import type { PathChange } from "../../protocol/index.js";
import { Journals } from "../journals.js";
import {
  isByWanted,
  isPathWanted,
  type BeyondFiles,
  type ActionKey,
  type Reservation,
  type Part,
  type Selection,
  type UndoEnd,
  type UndoKind,
} from "../kind.js";
import { Captures, placeName, type Capture, type DatabasePlace } from "./captures.js";
import { backOutRows, carryOutRows, doneSteps, strayed, type RowsJournal } from "./carry-out.js";
import { changesFrom, conflictsFrom, pathOf, performedChanges } from "./describe.js";
import { previewRows } from "./preview.js";
import { openMysql, type MysqlClient } from "./mysql.js";
import { openPostgres, type PostgresClient } from "./postgres.js";
import { actsOutside, isNotKept, notKept, sentenceOf } from "./not-kept.js";
import { outsideReachOf } from "./reaches-outside.js";
import type { DatabaseSession } from "./session.js";
import { openSqlite } from "./sqlite.js";
import type { Step } from "./step.js";
import { takeBack, type TakenBack } from "./take-back.js";
import type { Statement } from "./statement.js";
import { tryOut, type Trial } from "./try-out.js";
import { whatRan } from "./what-ran.js";

/** Largest record of one action's rows, in characters. */
const longestRecord = 32 * 2 ** 20;

/** Each opens a connection to a database that is known by a name; its way in stays with whoever knows it. */
export interface DatabaseDrivers {
  postgres(this: void, name: string): Promise<PostgresClient>;
  mysql(this: void, name: string): Promise<MysqlClient>;
}

export interface DatabaseKindOptions {
  readonly folder: string;
  readonly connect: DatabaseDrivers;
  readonly now: () => number;
}

/** What an action is about to run on one database. */
export interface KeptStatements {
  readonly place: DatabasePlace;
  /** As the database is shown: a name, a path from the workspace's root. */
  readonly shown: string;
  readonly statements: readonly Statement[];
  /** Whether the client tells SQLite to keep rows from pointing at what is not there; by itself it does not. */
  readonly keepsReferences?: boolean;
}

/** Rows of databases, and what they stand in: kept by trying the statements out, taken back row by row. */
export class DatabaseKind implements UndoKind {
  readonly name = "database";
  readonly #options: DatabaseKindOptions;
  readonly #captures: Captures;
  readonly #journals: Journals<RowsJournal>;

  constructor(options: DatabaseKindOptions) {
    this.#options = options;
    this.#captures = new Captures(options.folder);
    this.#journals = new Journals(join(options.folder, "row-undos"));
  }

  /**
   * Keeps what statements are about to change, right before they run.
   * @returns what was found out
   * @throws PullcordError `unavailable`/`rows_not_kept` with the reason
   */
  async began(key: ActionKey, kept: KeptStatements): Promise<Trial> {
    const { place, shown, statements } = kept;
    const trial = await this.#attempted(kept, async (session) => {
      const outside = place.dialect === "postgres" ? await outsideReachOf(session, statements) : null;
      if (outside !== null) throw actsOutside(outside);
      return tryOut(session, statements);
    });
    if (JSON.stringify(trial).length > longestRecord) throw notKept("The rows are too large.");
    const turn = this.#captures.nextTurn;
    this.#captures.write({
      id: `${key.actionId}-${turn}`,
      at: this.#options.now(),
      turn,
      action: key,
      place,
      shown,
      trial,
      steps: [],
      unclear: null,
    });
    return trial;
  }

  /**
   * What statements would do, without keeping anything of it.
   * @throws PullcordError `unavailable`/`rows_not_kept` with the reason
   */
  preview(kept: KeptStatements, signal: AbortSignal): Promise<Trial> {
    const { place, statements } = kept;
    return this.#attempted(kept, (session) => previewRows(session, { dialect: place.dialect, statements, signal }));
  }

  async ended(key: ActionKey): Promise<void> {
    for (const capture of this.#underWay(key.runId)) {
      if (capture.action.actionId === key.actionId) this.#captures.write({ ...capture, trial: null, ...(await this.#whatRan(capture)) });
    }
  }

  cancelled(key: ActionKey): Promise<void> {
    for (const capture of this.#underWay(key.runId)) if (capture.action.actionId === key.actionId) this.#captures.forget(capture);
    return Promise.resolve();
  }

  underWay(runId: string): ActionKey[] {
    return this.#underWay(runId).map(({ action }) => action);
  }

  changesOf(selection: Selection, reserved: readonly Reservation[]): PathChange[] {
    const byPlace = Map.groupBy(this.#selected(selection, reserved), ({ place }) => placeName(place));
    return [...byPlace.values()].flatMap((own) => {
      const steps = own.flatMap((capture) => wantedSteps(capture, selection).map((step) => ({ step, actionId: capture.action.actionId })));
      return changesFrom(own[0]?.shown ?? "", steps);
    });
  }

  /** A database in a file is put back by its rows, where every change to the file was one of rows. */
  reservations({ runId }: Selection): Reservation[] {
    const files = this.#captures
      .of(runId)
      .flatMap(({ place, action }) => (place.dialect === "sqlite" ? [{ path: place.path, action }] : []));
    return [...Map.groupBy(files, ({ path }) => path)].map(([path, own]) => ({
      of: this.name,
      paths: ["", "-wal", "-shm", "-journal"].map((ending) => `${path}${ending}`),
      actionIds: new Set(own.map(({ action }) => action.actionId)),
    }));
  }

  beyondFiles(runId: string): BeyondFiles[] {
    return this.#captures.of(runId).map(({ action, unclear }) => ({ actionId: action.actionId, notKept: unclear }));
  }

  async plan(selection: Selection, reserved: readonly Reservation[]): Promise<Part[]> {
    const parts: Part[] = [];
    for (const own of Map.groupBy(this.#selected(selection, reserved), ({ place }) => placeName(place)).values()) {
      const [first] = own;
      const steps = own.flatMap((capture) => wantedSteps(capture, selection));
      if (first && steps.length > 0) parts.push(await this.#planFor(steps, first));
    }
    return parts;
  }

  async planRedo(partId: string): Promise<Part | null> {
    const journal = this.#journals.read(partId);
    return journal && this.#planFor(doneSteps(journal), { ...journal, at: 0 });
  }

  carryOut(partId: string): Promise<UndoEnd> {
    return carryOutRows(partId, { journals: this.#journals, open: (place) => this.#open(place) });
  }

  backOut(partId: string): Promise<UndoEnd> {
    return backOutRows(partId, { journals: this.#journals, open: (place) => this.#open(place) });
  }

  sweep(olderThan: number): Set<string> {
    this.#captures.drop(olderThan);
    this.#journals.drop(olderThan, ({ end }) => end !== null);
    return new Set();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #underWay(runId: string): Capture[] {
    return this.#captures.of(runId).filter(({ trial }) => trial !== null);
  }

  async #whatRan({ place, shown, trial }: Capture): Promise<Pick<Capture, "steps" | "unclear">> {
    if (trial === null) return { steps: [], unclear: null };
    try {
      return await this.#with(place, (session) => whatRan(session, trial));
    } catch (error) {
      // What was foreseen stands in for it: rows that are not as foreseen will be left alone.
      return { steps: trial.steps, unclear: `${shown} could not be looked at afterwards: ${sentenceOf(error)}` };
    }
  }

  #selected(selection: Selection, reserved: readonly Reservation[]): Capture[] {
    const files = new Set(reserved.flatMap(({ of, paths }) => (of === this.name ? paths : [])));
    return this.#captures
      .of(selection.runId)
      .filter(({ action, place }) => isByWanted([action], selection) && (place.dialect !== "sqlite" || files.has(place.path)));
  }

  /** @throws PullcordError `unavailable`/`rows_not_kept` */
  async #attempted(
    { shown, place, keepsReferences = false }: KeptStatements,
    work: (session: DatabaseSession) => Promise<Trial>,
  ): Promise<Trial> {
    try {
      return await this.#with(place, work, { keepsReferences });
    } catch (error) {
      throw isNotKept(error) ? error : notKept(`${shown} can't be used`, sentenceOf(error).replace(/\.$/, ""));
    }
  }

  /** Tries the way back in a transaction that is rolled back: what the preview shows has worked once. */
  async #planFor(steps: readonly Step[], { place, shown, at }: Pick<Capture, "place" | "shown" | "at">): Promise<Part> {
    const taken = await this.#tried(place, steps);
    if (typeof taken === "string") {
      const conflicts = [{ of: this.name, path: shown, sentence: taken } as const];
      return {
        since: at,
        changes: [],
        conflicts,
        means: { place, taken },
        begin: (id) => this.#begin({ id, place, shown, steps: [], planned: [], known: [] }),
      };
    }
    const conflicts = conflictsFrom(shown, taken.conflicts);
    return {
      since: at,
      changes: performedChanges(shown, taken.performed),
      conflicts,
      means: { place, taken: { performed: taken.performed, conflicts: taken.conflicts } },
      begin: (id) => this.#begin({ id, place, shown, steps, planned: taken.performed, known: conflicts.map(({ path }) => path) }),
    };
  }

  async #tried(place: DatabasePlace, steps: readonly Step[]): Promise<TakenBack | string> {
    try {
      return await this.#with(place, async (session) => {
        await session.begin();
        try {
          const taken = await takeBack(session, steps);
          return (await strayed(session, taken)) ?? taken;
        } finally {
          await session.rollback();
        }
      });
    } catch (error) {
      return `It can't be used: ${sentenceOf(error)}`;
    }
  }

  #begin(journal: Omit<RowsJournal, "state" | "end">): void {
    this.#journals.write({ ...journal, state: "running", end: null });
  }

  async #with<T>(
    place: DatabasePlace,
    work: (session: DatabaseSession) => Promise<T>,
    how: { keepsReferences?: boolean } = {},
  ): Promise<T> {
    const session = await this.#open(place, how);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  async #open(place: DatabasePlace, how: { keepsReferences?: boolean } = {}): Promise<DatabaseSession> {
    if (place.dialect === "sqlite") return openSqlite(place.path, how);
    const { mysql, postgres } = this.#options.connect;
    return place.dialect === "mysql" ? openMysql(() => mysql(place.name)) : openPostgres(() => postgres(place.name));
  }
}

/** A file's rows also by the file's own path. */
function wantedSteps({ steps, shown, place }: Capture, { only }: Selection): Step[] {
  const names = place.dialect === "sqlite" ? [shown, place.path] : [shown];
  return steps.filter((step) => names.some((name) => isPathWanted(pathOf(name, step), only)));
}
