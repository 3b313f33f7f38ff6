import { notKept } from "./not-kept.js";
import { heldQuery, placesQuery, touchedQuery } from "./postgres-tables.js";
import {
  mostChanges,
  quoted,
  type Cells,
  type Changed,
  type DatabaseSession,
  type Row,
  type Table,
  type Watch,
  type Watched,
} from "./session.js";
import { wholeImages } from "./whole-tables.js";

/*
 * PostgreSQL keeps the old version of a row beside the new one until nobody can see it any more. So a second connection
 * that looks through the snapshot of before sees what the transaction replaced or removed, marked with its number
 * (`xmax`), and the transaction itself sees what it wrote (`xmin`). That costs one look through each touched table inside
 * the server, and moves the changed rows alone.
 */

/** Where the watched transaction began. */
interface Start {
  /** Its own number; those of its parts (savepoints, handlers of exceptions) come after it. */
  readonly top: string;
  /** The next number of a group of transactions that hold one row together; `xmax` may be one, where somebody locks what is changed. */
  readonly group: string;
  readonly snapshot: string;
}

const startQuery = `
SELECT pg_current_xact_id()::xid::text AS top, pg_export_snapshot() AS snapshot,
  ((mxid_age('1'::xid)::bigint + 1 + 4294967296) % 4294967296)::text AS "group"`;

/** What a look gives beside a row's columns: which version of it this is. */
const version = "pullcord version";

export async function watchVersions(
  session: DatabaseSession,
  watched: Watched,
  openAnother: () => Promise<DatabaseSession>,
): Promise<Watch> {
  const start = (await session.rows(startQuery))[0] as unknown as Start;
  const wholly = watched.all.filter(({ name }) => watched.wholly.has(name));
  return new VersionWatch({
    session,
    openAnother,
    start,
    tables: new Map(watched.all.map((table) => [table.id, table])),
    places: new Set((await session.rows(placesQuery)).map(placeOf)),
    whole: new Map([...(await wholeImages(session, wholly))].map(([name, rows]) => [idOf(wholly, name), rows])),
  });
}

interface VersionWatchOptions {
  readonly session: DatabaseSession;
  /** Opens one more connection. */
  readonly openAnother: () => Promise<DatabaseSession>;
  readonly start: Start;
  /** The tables as they were, by their ids. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly places: ReadonlySet<string>;
  /** Rows of tables that were read as a whole, by the tables' ids. */
  readonly whole: ReadonlyMap<string, readonly Row[]>;
}

class VersionWatch implements Watch {
  readonly #options: VersionWatchOptions;
  /** Sees what was there before; opened when it is needed. */
  #other: DatabaseSession | null = null;

  constructor(options: VersionWatchOptions) {
    this.#options = options;
  }

  async changed(now: readonly Table[]): Promise<Changed> {
    const { session, tables, whole } = this.#options;
    // What waits for the end of the transaction belongs to the statements, too.
    await session.run("SET CONSTRAINTS ALL IMMEDIATE");
    await session.run("SET CONSTRAINTS ALL DEFERRED");
    const touched = await this.#touched();
    const isHeld = new Set((await session.rows(heldQuery)).map(({ id }) => id));
    const looked = now.filter(({ id }) => touched.has(id) || whole.has(id));
    const more = looked.filter(({ id }) => tables.has(id) && !whole.has(id) && (touched.get(id) === "moved" || isHeld.has(id)));
    if (more.length > 0) return { wholly: more.flatMap(({ id }) => tables.get(id)?.name ?? []) };
    const inWhole = looked.filter(({ id }) => whole.has(id));
    const before = new Map(inWhole.map(({ id, name }) => [name, whole.get(id) ?? []]));
    const after = new Map(await wholeImages(session, inWhole));
    const rest = looked.filter(({ id }) => !whole.has(id));
    if (rest.length > 0) await this.#look(rest, { before, after });
    return { before, after };
  }

  async end(): Promise<void> {
    await this.#other?.close();
  }

  /** Tables whose rows changed: one by one, or all at once by being written anew elsewhere. */
  async #touched(): Promise<ReadonlyMap<string, "changed" | "moved">> {
    const { session, places } = this.#options;
    const changed = (await session.rows(touchedQuery)).map(({ id }) => [id ?? "", "changed"] as const);
    const moved = (await session.rows(placesQuery)).filter((one) => !places.has(placeOf(one)));
    return new Map([...changed, ...moved.map(({ id }) => [id ?? "", "moved"] as const)]);
  }

  async #look(looked: readonly Table[], { before, after }: Record<"before" | "after", Map<string, readonly Row[]>>): Promise<void> {
    const { session, openAnother, start, tables } = this.#options;
    const other = (this.#other ??= await openAnother());
    await other.begin();
    await other.run(`SET TRANSACTION SNAPSHOT '${start.snapshot}'`);
    // Rows that are hidden from this account would be missed: then it is an error.
    for (const one of [session, other]) await one.run("SET LOCAL row_security = off");
    const written = await isWritten(other, start);
    for (const table of looked) {
      const old = tables.get(table.id);
      const [gone, come] = await Promise.all([old ? versions(other, old, isReplaced(start)) : [], versions(session, table, written)]);
      // A version that both see did not change: numbers are used again, and locks leave theirs, too.
      before.set(table.name, await notIn(session, table, gone));
      after.set(table.name, old ? await notIn(other, old, come) : come.map(({ row }) => row));
    }
    await session.run("SET LOCAL row_security = on");
    await other.rollback();
  }
}

/** One version of a row. */
interface Version {
  /** Where it stands: part of the table, page and place. */
  readonly at: string;
  readonly row: Row;
}

async function versions(session: DatabaseSession, table: Table, where: string): Promise<Version[]> {
  const columns = table.columns.map((column) => `${session.literal(column)} AS ${quoted(column.name)}`);
  const found = await session.rows(
    `SELECT ${[`tableoid || ' ' || ctid AS ${quoted(version)}`, ...columns].join(", ")} FROM ${table.sql} WHERE ${where} LIMIT ${mostChanges + 1}`,
  );
  if (found.length > mostChanges) throw notKept(`It changes more than ${mostChanges} rows of ${table.name}.`);
  return found.map(({ [version]: at, ...row }) => ({ at: at ?? "", row: row as Row }));
}

async function notIn(session: DatabaseSession, { sql }: Table, found: readonly Version[]): Promise<Row[]> {
  if (found.length === 0) return [];
  const places = found.map(({ at }) => `"${at.split(" ")[1]}"`);
  const seen = await session.rows(`SELECT tableoid || ' ' || ctid AS at FROM ${sql} WHERE ctid = ANY ('{${places.join(",")}}'::tid[])`);
  const isSeen = new Set(seen.map(({ at }) => at));
  return found.flatMap(({ at, row }) => (isSeen.has(at) ? [] : [row]));
}

/** Replaced, removed or locked since the start. To be asked where nothing was written. */
function isReplaced({ top, group }: Start): string {
  return `xmax <> '0'::xid AND (age(xmax) BETWEEN 0 AND age('${top}'::xid) OR mxid_age(xmax) BETWEEN 0 AND mxid_age('${group}'::xid))`;
}

/** Written by the transaction itself, which asks. `other` has begun later, and knows how many numbers were given since. */
async function isWritten(other: DatabaseSession, { top }: Start): Promise<string> {
  const given = Number((await other.rows(`SELECT age('${top}'::xid)::text AS given`))[0]?.["given"]);
  return `age(xmin) BETWEEN age('${top}'::xid) - ${given} AND age('${top}'::xid)`;
}

/** Rows that were not there yet in a snapshot, as `pg_current_snapshot` writes it. */
export function isNotIn(snapshot: string): string {
  const [, next = "", running = ""] = snapshot.split(":");
  const numbers = [next, ...running.split(",")].filter((number) => number !== "").map((number) => String(BigInt(number) % 2n ** 32n));
  const [after, ...others] = numbers;
  return `(age(xmin) BETWEEN 0 AND age('${after}'::xid) OR xmin = ANY ('{${others.join(",")}}'::xid[]))`;
}

function placeOf({ id, place }: Cells): string {
  return `${id} ${place}`;
}

function idOf(tables: readonly Table[], wanted: string): string {
  return tables.find(({ name }) => name === wanted)?.id ?? wanted;
}
