import { isPullcordError, PullcordError, type AuditEntry } from "@pullcord/sdk/protocol";
import { readLogEnd } from "./audit.js";
import type { Database } from "./database.js";
import { notRecorded, tooBusy } from "./database-fault.js";
import { reader, transaction, type LogEnd, type Reader, type Transaction } from "./transaction.js";

/** Most commands that one commit carries. */
const batchCommands = 256;
/** Most commands of agents that wait for their turn: some two seconds of work. */
export const mostWaiting = 4_096;
/** As many places again are kept for people and for what happens by itself (R29). */
const mostWaitingInAll = 2 * mostWaiting;

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
  readonly #listeners = new Set<Listener>();
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #failure: PullcordError | null = null;
  #closing: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
    this.dialect = database.dialect;
    this.read = reader(database.dialect, (statement, parameters) => database.read(statement, parameters));
  }

  /**
   * Runs `work` in a transaction of its own and answers after it is durable. What `work` throws undoes all it wrote.
   * @throws PullcordError `unavailable`/`not_recorded` when the database can't keep it, `unavailable`/`too_busy` when
   *   too many wait already
   */
  transact<T>(work: Work<T>, { isAgents = false }: { readonly isAgents?: boolean } = {}): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#waiting.length >= (isAgents ? mostWaiting : mostWaitingInAll)) return Promise.reject(tooBusy());
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
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
    // Let everything that arrived in this turn of the event loop join the first commit.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchCommands);
      await this.#commit(batch);
    }
    this.#writing = null;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    const done: Done[] = [];
    const published: AuditEntry[] = [];
    try {
      await this.#database.begin();
      let logEnd = await readLogEnd(transaction(this.#database, { seq: 0, head: "" }));
      for (const waiting of batch) {
        const tx = transaction(this.#database, { ...logEnd });
        const outcome = await this.#runOne(waiting, tx);
        done.push({ waiting, outcome });
        if (outcome.ok) logEnd = this.#keep(tx, published);
      }
      await this.#database.commit();
    } catch (error) {
      await this.#abandon(batch, error);
      return;
    }
    for (const { waiting, outcome } of done) {
      if (outcome.ok) waiting.resolve(outcome.value);
      else waiting.reject(outcome.error);
    }
    if (published.length > 0) this.#publish(published);
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
