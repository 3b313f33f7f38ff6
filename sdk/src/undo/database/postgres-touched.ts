import { timesIn, type Counts } from "./postgres-counts.js";
import { identityOf, keyOf, quoted, type DatabaseSession, type Row, type Table } from "./session.js";
import type { Step } from "./step.js";

/** Rows of one table, before and now. */
export interface Sides {
  readonly before: readonly Row[];
  readonly after: readonly Row[];
}

/** What is known of one table. */
interface Touched {
  readonly keys: Map<string, Row>;
  /** How often rows were touched at these keys. */
  times: number;
  /** So many more rows than counted are there now, of those that were settled; what was rolled back was counted, too. */
  uncounted: number;
  /** The rows that stood there before, once they were read. */
  before: readonly Row[] | null;
}

/**
 * At which keys a transaction touched rows, as far as that was told, and how often. Where the server has counted as many,
 * these are all; where it has counted more, somebody did more than was told: a trigger, a cascade, a function.
 */
export class TouchedKeys {
  readonly #tables = new Map<string, Touched>();

  /** Each of these was touched once. */
  add({ id }: Table, keys: readonly Row[]): void {
    const touched = this.#of(id);
    touched.times += keys.length;
    for (const key of keys) {
      if (touched.keys.has(identityOf(key))) continue;
      touched.keys.set(identityOf(key), key);
      touched.before = null;
    }
  }

  /** Rows that were put back, each by its key. */
  addPutBack(tables: readonly Table[], steps: readonly Step[]): void {
    for (const table of tables) {
      const own = steps.flatMap((step) => (step.kind === "row" && step.table === table.name ? [step.key] : []));
      if (own.length > 0) this.add(table, own);
    }
  }

  /** These rows are all that were touched, whatever was told. */
  settle(table: Table, { before, after }: Sides, counts: Counts): void {
    const rows = [...before, ...after].map((row) => keyOf(row, table));
    this.#tables.set(table.id, {
      keys: new Map(rows.map((key) => [identityOf(key), key])),
      times: timesIn(counts),
      uncounted: after.length - before.length - (counts.inserted - counts.deleted),
      before,
    });
  }

  /**
   * What stands at the keys, before and now. @returns null where rows were touched at others. No key may be there twice:
   * then a row that came to one of these keys from elsewhere is one more than was put in.
   */
  async read(table: Table, counts: Counts, { session, other }: Readers): Promise<Sides | null> {
    const touched = this.#tables.get(table.id);
    if (touched === undefined || touched.times !== timesIn(counts)) return null;
    const keys = [...touched.keys.values()];
    const before = touched.before ?? (await rowsAtKeys(await other(), table, keys));
    const after = await rowsAtKeys(session, table, keys);
    const expected = counts.inserted - counts.deleted + touched.uncounted;
    return after.length - before.length === expected ? { before, after } : null;
  }

  #of(id: string): Touched {
    const touched = this.#tables.get(id) ?? { keys: new Map<string, Row>(), times: 0, uncounted: 0, before: null };
    this.#tables.set(id, touched);
    return touched;
  }
}

interface Readers {
  readonly session: DatabaseSession;
  /** The one that sees what was there before. */
  readonly other: () => Promise<DatabaseSession>;
}

/** Most keys that are asked for at once. */
const keysAtOnce = 1_000;

/** The rows at these keys, none twice. */
export async function rowsAtKeys(session: DatabaseSession, table: Table, keys: readonly Row[]): Promise<Row[]> {
  const columns = table.columns.map((column) => `${session.literal(column)} AS ${quoted(column.name)}`);
  const names = table.key.map(quoted).join(", ");
  const found = new Map<string, Row>();
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const values = keys.slice(from, from + keysAtOnce).map((key) => `(${Object.values(key).join(", ")})`);
    const rows = await session.rows(`SELECT ${columns.join(", ")} FROM ${table.sql} WHERE (${names}) IN (${values.join(", ")})`);
    // A key may be written in two ways.
    for (const row of rows) found.set(identityOf(keyOf(row as Row, table)), row as Row);
  }
  return [...found.values()];
}
