import { openPostgres, type PostgresClient } from "../postgres.js";
import type { OpenDatabase, OwnDatabase } from "./own-database.js";

/** As `quote_nullable` writes values; with `standard_conforming_strings`, which undo's connections have. */
const literal = /^(?:NULL|'[^'\\]*(?:''[^'\\]*)*'|E'[^'\\]*(?:(?:''|\\\\)[^'\\]*)*')$/;
/** As PostgreSQL writes a transaction's number, 64 bits. */
const transactionNumber = /^[1-9]\d{0,19}$/;

/** PostgreSQL, through clients that the program makes: each is used for one transaction, and ended. */
export class OwnPostgres<Client extends PostgresClient> implements OwnDatabase<Client> {
  readonly #connect: () => Promise<Client>;

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  readonly open = async (): Promise<OpenDatabase<Client>> => {
    const client = await this.#connect();
    let isFirst = true;
    const session = await openPostgres(() => {
      const next = isFirst ? Promise.resolve(client) : this.#connect();
      isFirst = false;
      return next;
    });
    return {
      client,
      session,
      wasCommittedAfterError: (transaction) => (transaction === null ? Promise.resolve(null) : this.wasCommitted(transaction)),
    };
  };

  readonly isLiteral = (text: string): boolean => literal.test(text);

  readonly wasCommitted = async (transaction: string): Promise<boolean | null> => {
    if (!transactionNumber.test(transaction)) return null;
    const session = await openPostgres(this.#connect);
    try {
      const [found] = await session.rows(`SELECT pg_xact_status('${transaction}'::xid8) AS status`);
      return found?.["status"] === "committed" ? true : found?.["status"] === "aborted" ? false : null;
    } catch {
      // Numbers that were not given yet are another cluster's.
      return null;
    } finally {
      await session.close();
    }
  };
}
