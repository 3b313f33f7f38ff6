import { closeSync, openSync, readSync, statSync } from "node:fs";

/** Ends a journal's record of another one (sqlite.org/fileformat, "The Rollback Journal"). */
const recordEnd = Buffer.from("d9d505f920a163d7", "hex");

/**
 * Refuses a database whose unfinished journal names another file, as one of a transaction over several files does. Older
 * SQLite (tried: 3.50 deletes, 3.53 does not) deletes what is named there, whatever it is, and whoever writes beside the
 * database may name anything. @throws Error with a sentence
 */
export function refuseNamingJournal(path: string): void {
  const journal = `${path}-journal`;
  const stats = statSync(journal, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size < recordEnd.length) return;
  const handle = openSync(journal, "r");
  try {
    const [first, last] = [Buffer.alloc(1), Buffer.alloc(recordEnd.length)];
    readSync(handle, first, 0, first.length, 0);
    readSync(handle, last, 0, last.length, stats.size - last.length);
    // One that begins with zero is over: SQLite leaves it alone.
    if (first[0] === 0 || !last.equals(recordEnd)) return;
  } finally {
    closeSync(handle);
  }
  throw new Error(`${journal} names another file, which SQLite may delete. Open the database once with its own program, then try again.`);
}
