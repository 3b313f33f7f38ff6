import type { DatabaseSession } from "../session.js";

/** A database of a program's own: rows that the program changes in it are found, handed in, and taken back by it. One for each dialect. */
export interface OwnDatabase<Client> {
  readonly open: () => Promise<OpenDatabase<Client>>;
  /** Whether a text is one value as this database writes it, and nothing else: what was handed in is put into statements. */
  readonly isLiteral: (text: string) => boolean;
  /** Whether a transaction was committed, by the name that it had; null where nobody can tell. */
  readonly wasCommitted: (transaction: string) => Promise<boolean | null>;
}

/** One connection, for the program's work and for undo's. */
export interface OpenDatabase<Client> {
  readonly client: Client;
  /** Over the very connection of the client. */
  readonly session: DatabaseSession;
  /** A COMMIT came back with an error: whether it has happened all the same; null where nobody can tell. */
  readonly wasCommittedAfterError: (transaction: string | null) => Promise<boolean | null>;
}
