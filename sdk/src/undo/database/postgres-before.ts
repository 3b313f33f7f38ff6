import type { DatabaseSession } from "./session.js";

/** Sees what was there before a transaction: a second connection that looks through its snapshot. */
export class BeforeView {
  readonly #snapshot: string;
  readonly #open: () => Promise<DatabaseSession>;
  #session: DatabaseSession | null = null;
  #isLooking = false;

  /** `open`: one more connection to the same database; made when it is needed. */
  constructor(snapshot: string, open: () => Promise<DatabaseSession>) {
    this.#snapshot = snapshot;
    this.#open = open;
  }

  /** Looking until `lookAway`: what it has read can't be changed in its structure meanwhile. */
  async look(): Promise<DatabaseSession> {
    const session = (this.#session ??= await this.#open());
    if (this.#isLooking) return session;
    await session.begin();
    this.#isLooking = true;
    await session.run(`SET TRANSACTION SNAPSHOT '${this.#snapshot}'`);
    await session.run("SET LOCAL row_security = off");
    return session;
  }

  async lookAway(): Promise<void> {
    if (this.#isLooking) await this.#session?.rollback();
    this.#isLooking = false;
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}
