import { bounds, PullcordError } from "../../../protocol/index.js";
import { notKept } from "../not-kept.js";
import { mostChanges, type DatabaseSession, type Table, type Watch } from "../session.js";
import { rowSteps, type RowStep } from "../step.js";
import { requireReversible } from "../try-out.js";
import type { HandedRows } from "./handed-rows.js";
import type { OpenDatabase, OwnDatabase } from "./own-database.js";

/** Gone when the program ends the transaction by itself. */
const workPoint = "pullcord_work";
const triedPoint = "pullcord_tried";
/** Longest data of one transaction, in characters of JSON: what an undo plans for it is about twice as long. */
const longestData = bounds.undoDataLength / 3;

export interface OwnTransaction<Client, Result> {
  readonly work: (client: Client) => Promise<Result> | Result;
  /** Asked right before COMMIT: without its way back nothing is committed. */
  readonly handIn: (rows: HandedRows) => Promise<void>;
  /** Whether what was handed in has happened. */
  readonly settle: (hasHappened: boolean) => Promise<void>;
}

/**
 * Does a program's work in a transaction, finds which rows it changed, by whatever way, and tries the way back before it
 * commits. What can't be taken back is not committed.
 * @throws PullcordError `unavailable`/`rows_not_kept` with the reason, `conflict`/`transaction_ended`; whatever the work,
 * handing in or the database throws: nothing is changed then
 */
export async function transact<Client, Result>(
  database: OwnDatabase<Client>,
  { work, handIn, settle }: OwnTransaction<Client, Result>,
): Promise<Result> {
  const opened = await database.open();
  const { session } = opened;
  try {
    await session.begin();
    const transaction = (await session.transactionNumbers?.own()) ?? null;
    const { result, rows } = await watched(opened, work);
    if (rows.length === 0) await session.commit();
    else {
      const handedIn = { rows, transaction };
      if (JSON.stringify(handedIn).length > longestData)
        throw notKept(`The ${rows.length} rows are more than ${longestData / 2 ** 10} KiB.`);
      await handIn(handedIn);
      await commit(opened, transaction, settle);
    }
    return result;
  } catch (error) {
    await session.rollback().catch(() => undefined);
    throw error;
  } finally {
    await session.close();
  }
}

async function commit<Client>(
  { session, wasCommittedAfterError }: OpenDatabase<Client>,
  transaction: string | null,
  settle: (hasHappened: boolean) => Promise<void>,
): Promise<void> {
  try {
    await session.commit();
  } catch (error) {
    // A connection that broke says nothing of the transaction.
    const hasHappened = await wasCommittedAfterError(transaction).catch(() => null);
    if (hasHappened === false) await settle(false);
    if (hasHappened !== true) throw error;
  }
  await settle(true);
}

async function watched<Client, Result>(
  { session, client }: OpenDatabase<Client>,
  work: (client: Client) => Promise<Result> | Result,
): Promise<{ readonly result: Result; readonly rows: readonly RowStep[] }> {
  const all = await session.tables();
  const watch = await session.watch({ all, named: all, changes: "rows", wholly: new Set() });
  try {
    await session.run(`SAVEPOINT ${workPoint}`);
    const result = await work(client);
    await session.run(`RELEASE SAVEPOINT ${workPoint}`).catch((cause: unknown) => {
      throw ended(cause);
    });
    return { result, rows: await changedRows(session, all, watch) };
  } finally {
    await watch.end();
  }
}

async function changedRows(session: DatabaseSession, all: readonly Table[], watch: Watch): Promise<RowStep[]> {
  // What the program ran may have changed what was remembered of tables.
  await session.run("SELECT 1");
  const now = await session.tables();
  if (JSON.stringify(now) !== JSON.stringify(all)) throw notKept("It changes what the database is made of.");
  const changed = await watch.changed(now);
  if ("wholly" in changed) throw emptied(changed.wholly);
  const steps = now.flatMap((table) => rowSteps(table, changed.before.get(table.name) ?? [], changed.after.get(table.name) ?? []));
  const rows = steps.filter((step) => step.kind === "row");
  const alike = steps.find((step) => step.kind === "copies");
  if (alike) throw notKept(`The table ${alike.table} has no primary key, so its rows can't be told apart.`);
  if (rows.length > mostChanges) throw notKept(`It changes more than ${mostChanges} rows.`);
  if (rows.length === 0) return rows;
  await session.run(`SAVEPOINT ${triedPoint}`);
  const unseen = await requireReversible(session, rows, { all, watch });
  if (unseen) throw emptied(unseen.wholly);
  await session.run(`ROLLBACK TO SAVEPOINT ${triedPoint}`);
  return rows;
}

function emptied(tables: readonly string[]): PullcordError {
  return notKept(
    `It empties, rewrites or locks ${tables.join(", ")} as a whole (TRUNCATE, LOCK), so that its rows of before can't be read.`,
  );
}

function ended(cause: unknown): PullcordError {
  const text =
    "The work ended the transaction that it was handed, by a COMMIT or ROLLBACK of its own: what it committed has no way back. Leave both to the transaction around it.";
  return new PullcordError("conflict", "transaction_ended", text, { cause });
}
