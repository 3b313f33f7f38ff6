import { isPullcordError, PullcordError, type AuditEntry } from "@pullcord/sdk/protocol";
import { readLogEnd } from "./audit.js";
import type { Database } from "./database.js";
import { notRecorded } from "./database-fault.js";
import { reader, transaction, type LogEnd, type Reader, type Transaction } from "./transaction.js";
import { WritersLine, type Lane } from "./writers-line.js";

/** Most commands that one commit carries. */
const batchCommands = 256;
/**
 * After so long a batch on SQLite is committed as it is, in milliseconds: its statements hold up the event loop, so that
 * nobody who comes meanwhile is heard. PostgreSQL's don't, and a batch there ends at once when a person comes.
 */
const longestSqliteBatchMs = 20;

type Work<T> = (tx: Transaction) => Promise<T>;
type Listener = (entries: readonly AuditEntry[]) => void;

interface Waiting {
  readonly work: Work<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A command that ran inside the batch, to be answered after the commit. */
interface Done {
  readonly waiting: Waiting;
  readonly outcome: { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };
}

/**
 * Everything that is remembered. Writes are group-committed: whatever waits goes into one transaction, a savepoint
 * for each command, and every caller is answered after the commit that holds its change (I4).
 */
export class Store {
  readonly read: Reader;
  readonly dialect: Database["dialect"];
  readonly #database: Database;
  readonly #longestBatchMs: number;
  readonly #listeners = new Set<Listener>();
  readonly #line = new WritersLine<Waiting>();
  #writing: Promise<void> | null = null;
  #failure: PullcordError | null = null;
  #closing: Promise<void> | null = null;

  constructor(database: Database, { longestBatchMs = database.dialect === "sqlite" ? longestSqliteBatchMs : Infinity } = {}) {
    this.#database = database;
    this.#longestBatchMs = longestBatchMs;
    this.dialect = database.dialect;
    this.read = reader(database.dialect, (statement, parameters) => database.read(statement, parameters));
  }

  /**
   * Runs `work` in a transaction of its own and answers after it is durable. What `work` throws undoes all it wrote.
   * @throws PullcordError `unavailable`/`not_recorded` when the database can't keep it, `unavailable`/`too_busy` when
   *   too many wait already
   */
  transact<T>(work: Work<T>, lane: Lane = { kind: "system" }): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise<T>((resolve, reject) => {
      this.#line.add(lane, { work, resolve: resolve as (value: unknown) => void, reject });
      this.#writing ??= this.#drain();
    });
  }

  /** Calls `listener` after each commit with what it added to the audit log, in order. Returns the way to stop. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Finishes what waits, refuses what comes. */
  close(): Promise<void> {
    this.#failure ??= new PullcordError("unavailable", "closing", "Pullcord is shutting down.");
    this.#closing ??= Promise.resolve(this.#writing).then(() => this.#database.close());
    return this.#closing;
  }

  async #drain(): Promise<void> {
    while (!this.#line.isEmpty) {
      // Let everything that arrived in this turn of the event loop join the commit.
      await new Promise(setImmediate);
      await this.#commit();
    }
    this.#writing = null;
  }

  async #commit(): Promise<void> {
    const batch: Waiting[] = [];
    const done: Done[] = [];
    const published: AuditEntry[] = [];
    try {
      await this.#database.begin();
      let logEnd = await readLogEnd(transaction(this.#database, { seq: 0, head: "" }));
      for (const waiting of this.#batch()) {
        batch.push(waiting);
        const tx = transaction(this.#database, { ...logEnd });
        const outcome = await this.#runOne(waiting, tx);
        done.push({ waiting, outcome });
        if (outcome.ok) logEnd = this.#keep(tx, published);
      }
      await this.#database.commit();
    } catch (error) {
      // Where not even the transaction began, those who waited for it are told.
      await this.#abandon(batch.length > 0 ? batch : [...this.#batch()], error);
      return;
    }
    for (const { waiting, outcome } of done) {
      if (outcome.ok) waiting.resolve(outcome.value);
      else waiting.reject(outcome.error);
    }
    if (published.length > 0) this.#publish(published);
  }

  /** People wait for no more than each other; agents are committed as soon as a person comes. */
  *#batch(): Generator<Waiting> {
    const isForPeople = this.#line.hasPeople;
    const endAt = performance.now() + this.#longestBatchMs;
    for (let count = 0; count < batchCommands; count += 1) {
      if (count > 0 && (this.#line.hasPeople !== isForPeople || performance.now() > endAt)) return;
      const waiting = this.#line.take();
      if (!waiting) return;
      yield waiting;
    }
  }

  /** A listener that fails is let go: nobody else's change may hang on it. */
  #publish(entries: readonly AuditEntry[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(entries);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }

  #keep(tx: Transaction, published: AuditEntry[]): LogEnd {
    published.push(...tx.appended);
    return tx.logEnd;
  }

  async #runOne(waiting: Waiting, tx: Transaction): Promise<Done["outcome"]> {
    await this.#database.savepoint();
    try {
      const value = await waiting.work(tx);
      await this.#database.releaseSavepoint();
      return { ok: true, value };
    } catch (error) {
      // A database error may have ended the transaction: then this throws too, and the whole batch is abandoned.
      this.#giveUpAfter(error);
      await this.#database.rollbackToSavepoint();
      return { ok: false, error };
    }
  }

  /** Nothing of the batch was kept. */
  async #abandon(batch: readonly Waiting[], cause: unknown): Promise<void> {
    await this.#database.rollback().catch(() => {});
    const error = isPullcordError(cause) ? cause : notRecorded(cause);
    this.#giveUpAfter(error);
    for (const waiting of batch) waiting.reject(error);
  }

  /** After a failed sync nobody knows what the disk holds: nothing more is written until a restart has read it again (R10). */
  #giveUpAfter(error: unknown): void {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    if (String(code).startsWith("SQLITE_IOERR")) this.#failure = notRecorded((error as Error).cause);
  }
}
