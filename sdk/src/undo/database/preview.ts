import type { DatabasePlace } from "./captures.js";
import { anyOutsideReach } from "./reaches-outside.js";
import type { DatabaseSession } from "./session.js";
import { openSqlite } from "./sqlite.js";
import { actsOutside, notKept } from "./not-kept.js";
import type { Statement } from "./statement.js";
import { tryOut, type Trial } from "./try-out.js";

/** What is previewed. */
export interface RowsToPreview {
  readonly dialect: DatabasePlace["dialect"];
  readonly statements: readonly Statement[];
  /** Ends it; what was begun is taken back all the same. */
  readonly signal: AbortSignal;
}

/**
 * What statements would do, for whoever is asked about them: they are tried and taken back before anybody has allowed
 * them, so nothing that acts beyond the database may come along. Nothing of it is kept.
 * @throws PullcordError `unavailable`/`rows_not_kept` with the reason
 */
export async function previewRows(session: DatabaseSession, { dialect, statements, signal }: RowsToPreview): Promise<Trial> {
  const bounded = until(signal, session);
  const outside = dialect === "postgres" ? await anyOutsideReach(bounded, statements) : null;
  if (outside !== null) throw actsOutside(outside);
  return tryOut(bounded, statements);
}

interface FileRowsToPreview extends Omit<RowsToPreview, "dialect"> {
  /** Whether the client tells SQLite to keep rows from pointing at what is not there. */
  readonly keepsReferences: boolean;
}

/** The same for a SQLite file, by whoever may read it. @throws also Error as SQLite does */
export async function previewFileRows(path: string, { keepsReferences, ...statements }: FileRowsToPreview): Promise<Trial> {
  const session = await openSqlite(path, { keepsReferences });
  try {
    return await previewRows(session, { dialect: "sqlite", ...statements });
  } finally {
    await session.close();
  }
}

const alwaysAnswered: ReadonlySet<string | symbol> = new Set(["rollback", "close"]);

function until(signal: AbortSignal, session: DatabaseSession): DatabaseSession {
  return new Proxy(session, {
    get(own, name) {
      if (signal.aborted && !alwaysAnswered.has(name)) throw notKept("To preview its rows took too long.");
      const value: unknown = Reflect.get(own, name, own);
      return typeof value === "function" ? (value.bind(own) as unknown) : value;
    },
  });
}
