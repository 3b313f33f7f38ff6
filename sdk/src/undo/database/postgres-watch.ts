import { notKept } from "./not-kept.js";
import { BeforeView } from "./postgres-before.js";
import { countedSince, countsOf, timesIn, type Counts } from "./postgres-counts.js";
import { heldQuery, placesQuery } from "./postgres-tables.js";
import { keysTold } from "./postgres-told.js";
import { rowsAtKeys, TouchedKeys, type Sides } from "./postgres-touched.js";
import { replacedRows, startQuery, writtenRows, type BothSides, type Start } from "./postgres-versions.js";
import { keyOf, type Cells, type Changed, type DatabaseSession, type Row, type Table, type Watch, type Watched } from "./session.js";
import type { Step } from "./step.js";
import type { RowsTarget, Statement } from "./statement.js";
import { wholeImages } from "./whole-tables.js";

/*
 * Which rows a transaction touched is found in the cheapest way that is certain, for each table: by the keys that its
 * statements tell, where the server has counted no more than those; else by versions, which reads the table through; else,
 * where it was emptied, written anew or is held alone, by all its rows from before.
 */
export async function watchRows(session: DatabaseSession, watched: Watched, openAnother: () => Promise<DatabaseSession>): Promise<Watch> {
  const start = (await session.rows(startQuery))[0] as unknown as Start & { readonly isCounting: string };
  if (start.isCounting !== "on") throw notKept("The server does not count rows that change (track_counts), so they can't be found.");
  const wholly = watched.all.filter(({ name }) => watched.wholly.has(name));
  return new RowsWatch({
    session,
    start,
    other: new BeforeView(start.snapshot, openAnother),
    tables: new Map(watched.all.map((table) => [table.id, table])),
    counts: await countsOf(session),
    places: new Set((await session.rows(placesQuery)).map(placeOf)),
    whole: new Map([...(await wholeImages(session, wholly))].map(([name, rows]) => [idOf(wholly, name), rows])),
  });
}

interface RowsWatchOptions {
  readonly session: DatabaseSession;
  readonly start: Start;
  readonly other: BeforeView;
  /** The tables as they were, by their ids. */
  readonly tables: ReadonlyMap<string, Table>;
  /** What was counted before. */
  readonly counts: ReadonlyMap<string, Counts>;
  readonly places: ReadonlySet<string>;
  /** Rows of tables that were read as a whole, by the tables' ids. */
  readonly whole: ReadonlyMap<string, readonly Row[]>;
}

class RowsWatch implements Watch {
  readonly #options: RowsWatchOptions;
  readonly #touched = new TouchedKeys();

  constructor(options: RowsWatchOptions) {
    this.#options = options;
  }

  async run(statement: Statement): Promise<void> {
    const { session, tables } = this.#options;
    const { text, target } = statement;
    const table = target && targetIn([...tables.values()], target);
    const told = table && table.key.length > 0 ? await keysTold(session, table, { text, target }) : null;
    if (table && told) this.#touched.add(table, told);
    else await session.runAsGiven(statement);
  }

  async changed(now: readonly Table[], putBack: readonly Step[] = []): Promise<Changed> {
    const { session, tables, whole } = this.#options;
    // What waits for the end of the transaction belongs to the statements, too.
    await session.run("SET CONSTRAINTS ALL IMMEDIATE");
    await session.run("SET CONSTRAINTS ALL DEFERRED");
    this.#touched.addPutBack(now, putBack);
    const counts = countedSince(this.#options.counts, await countsOf(session));
    const moved = await this.#moved();
    const isHeld = new Set((await session.rows(heldQuery)).map(({ id }) => id));
    const looked = now.filter(({ id }) => counts.has(id) || moved.has(id) || whole.has(id));
    const more = looked.filter(({ id }) => tables.has(id) && !whole.has(id) && (moved.has(id) || isHeld.has(id)));
    if (more.length > 0) return { wholly: more.flatMap(({ id }) => tables.get(id)?.name ?? []) };
    const inWhole = looked.filter(({ id }) => whole.has(id));
    const before = new Map(inWhole.map(({ id, name }) => [name, whole.get(id) ?? []]));
    const after = new Map(await wholeImages(session, inWhole));
    for (const [name, sides] of await this.#look(
      now.filter(({ id }) => !whole.has(id)),
      counts,
    )) {
      before.set(name, sides.before);
      after.set(name, sides.after);
    }
    return { before, after };
  }

  async end(): Promise<void> {
    await this.#options.other.close();
  }

  /** Tables whose rows changed all at once, by being written anew elsewhere; new ones, too. */
  async #moved(): Promise<ReadonlySet<string>> {
    const { session, places } = this.#options;
    return new Set((await session.rows(placesQuery)).flatMap((one) => (places.has(placeOf(one)) ? [] : [one["id"] ?? ""])));
  }

  /** By the names that tables have now. */
  async #look(tables: readonly Table[], counts: ReadonlyMap<string, Counts>): Promise<Map<string, Sides>> {
    const { session, other } = this.#options;
    const found = new Map<string, Sides>();
    // Rows that are hidden from this account would be missed: then it is an error.
    await session.run("SET LOCAL row_security = off");
    for (const table of tables) {
      const counted = counts.get(table.id) ?? none;
      if (timesIn(counted) > 0) found.set(table.name, await this.#sidesOf(table, counted));
    }
    await session.run("SET LOCAL row_security = on");
    await other.lookAway();
    return found;
  }

  async #sidesOf(table: Table, counts: Counts): Promise<Sides> {
    const { session, other, start, tables } = this.#options;
    const old = tables.get(table.id) ?? null;
    const isKeyed =
      old !== null && old.key.length > 0 && JSON.stringify([old.columns, old.key]) === JSON.stringify([table.columns, table.key]);
    const told = isKeyed ? await this.#touched.read(table, counts, { session, other: () => other.look() }) : null;
    const sides = told ?? (await sidesByVersions({ session, other: await other.look(), start }, { table, old, isKeyed, counts }));
    if (isKeyed) this.#touched.settle(table, sides, counts);
    return sides;
  }
}

const none: Counts = { name: "", inserted: 0, updated: 0, deleted: 0 };

interface Versions {
  readonly table: Table;
  /** As it was before; null of a new one. */
  readonly old: Table | null;
  /** The same columns, and a key that tells its rows apart before and now. */
  readonly isKeyed: boolean;
  readonly counts: Counts;
}

/** One look tells all where rows only went, or only came, and stayed at their keys: then each has its other side at its key. */
async function sidesByVersions(both: BothSides, { table, old, isKeyed, counts }: Versions): Promise<Sides> {
  const { session, other } = both;
  const keysIn = (rows: readonly Row[]) => rows.map((row) => keyOf(row, table));
  let [before, after]: (readonly Row[] | null)[] = [old ? null : [], null];
  if (isKeyed && old && counts.inserted === 0) {
    before = await replacedRows(both, old);
    const now = await rowsAtKeys(session, table, keysIn(before));
    if (now.length - before.length === -counts.deleted) return { before, after: now };
  } else if (isKeyed && old && counts.deleted === 0) {
    after = await writtenRows(both, table, old);
    const then = await rowsAtKeys(other, old, keysIn(after));
    if (after.length - then.length === counts.inserted) return { before: then, after };
  }
  return { before: before ?? (old ? await replacedRows(both, old) : []), after: after ?? (await writtenRows(both, table, old)) };
}

/** The table that a statement means; where a schema comes before its name, that one, or the one that is found without. */
function targetIn(tables: readonly Table[], { table }: RowsTarget): Table | undefined {
  return tables.find(({ name }) => name === table) ?? tables.find(({ name }) => name === table.split(".").at(-1));
}

function placeOf({ id, place }: Cells): string {
  return `${id} ${place}`;
}

function idOf(tables: readonly Table[], wanted: string): string {
  return tables.find(({ name }) => name === wanted)?.id ?? wanted;
}
