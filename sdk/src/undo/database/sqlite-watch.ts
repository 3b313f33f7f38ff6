import { notKept } from "./not-kept.js";
import {
  identityOf,
  keyOf,
  mostChanges,
  quoted,
  rowsAt,
  type Changed,
  type ChangedRows,
  type DatabaseSession,
  type Row,
  type Table,
  type Watch,
  type Watched,
} from "./session.js";
import type { SqliteRunner } from "./sqlite-runner.js";
import { watchWholly } from "./whole-tables.js";

/** What SQLite knows of a table, and its way of noting changes depends on. */
export interface TableFacts {
  readonly type: "table" | "virtual" | "shadow" | "view";
  /** Columns of the key that was declared; rows with no value in one are not noted. */
  readonly key: readonly string[];
  /** Whether one of them may be without a value. */
  readonly isKeyOptional: boolean;
  /** What the number of its rows is called; null where they have none. */
  readonly rowNumber: string | null;
}

interface SqliteWatched extends Watched {
  readonly session: DatabaseSession;
  readonly runner: SqliteRunner;
  readonly facts: ReadonlyMap<string, TableFacts>;
}

/**
 * SQLite notes by itself which rows change, whoever changes them: statements, triggers, cascades, REPLACE. It needs a key
 * for that; tables without one, and those whose structure changes along with rows, are read as a whole.
 */
export async function watchSqlite({ session, runner, facts, ...watched }: SqliteWatched): Promise<Watch> {
  const { all, named, changes } = watched;
  if (changes === "structure") return watchWholly(session, all, []);
  const virtual = named.find(({ name }) => facts.get(name)?.type === "virtual");
  if (virtual) throw notKept(`The table ${virtual.name} is a virtual one, whose rows are somewhere else.`);
  // Triggers and cascades reach wherever they like; only where there are none does a statement stay with its tables.
  const isWide = all.some(({ hasTriggers, referredBy }) => hasTriggers || referredBy.length > 0);
  const looked = (isWide ? all : named).filter(({ name }) => facts.get(name)?.type !== "virtual");
  const noted: Table[] = [];
  for (const table of changes === "both" ? [] : looked) if (await isNoted(session, table, facts)) noted.push(table);
  const whole = await watchWholly(
    session,
    all,
    looked.filter((table) => !noted.includes(table)),
  );
  await runner.ask({ kind: "watch", tables: noted.map(({ name }) => name) });
  return {
    changed: async (now) => {
      const lost = noted.find(({ name }) => now.every((table) => table.name !== name));
      if (lost) throw notKept(`The table ${lost.name} is gone after it.`);
      for (const table of noted) {
        if (!(await isNoted(session, table, facts))) throw notKept(`A new row of ${table.name} has no value in its key.`);
      }
      const images = await whole.changed(now);
      return "wholly" in images ? images : withNoted(session, { images, noted, facts, found: await notes(runner) });
    },
    end: async () => void (await runner.ask({ kind: "unwatch" })),
  };
}

async function isNoted(session: DatabaseSession, { name, sql }: Table, facts: ReadonlyMap<string, TableFacts>): Promise<boolean> {
  const { key, isKeyOptional } = facts.get(name) ?? { key: [], isKeyOptional: false };
  if (key.length === 0 || !isKeyOptional) return key.length > 0;
  const without = key.map((column) => `${quoted(column)} IS NULL`).join(" OR ");
  return (await session.rows(`SELECT 1 AS found FROM ${sql} WHERE ${without} LIMIT 1`)).length === 0;
}

/** A row that changed: values before and after by their columns' order, null where a column stayed as it was. */
interface Note {
  readonly table: string;
  readonly before: readonly (string | null)[] | null;
  readonly after: readonly (string | null)[] | null;
}

async function notes(runner: SqliteRunner): Promise<Note[]> {
  const found = await runner.ask({ kind: "changes", most: mostChanges });
  if (found.length > mostChanges) throw notKept(`It changes more than ${mostChanges} rows.`);
  const values = (json: string | null | undefined) => (json ? (JSON.parse(json) as (string | null)[]) : null);
  return found.map(({ table, before, after }) => ({ table: table ?? "", before: values(before), after: values(after) }));
}

interface Noted {
  readonly images: ChangedRows;
  readonly noted: readonly Table[];
  readonly facts: ReadonlyMap<string, TableFacts>;
  readonly found: readonly Note[];
}

async function withNoted(session: DatabaseSession, { images, noted, facts, found }: Noted): Promise<Changed> {
  const [before, after] = [new Map(images.before), new Map(images.after)];
  for (const [name, own] of Map.groupBy(found, ({ table }) => table)) {
    const table = noted.find((one) => one.name === name);
    if (!table) continue;
    if (facts.get(table.name)?.type === "shadow") throw notKept(`The table ${table.name} belongs to a virtual one.`);
    // What the database computes is never written, and follows from the rest.
    const written = { ...table, columns: table.columns.filter(({ isWritable }) => isWritable) };
    const rows = own.map((note) => noticed(note, written));
    const keys = rows.flatMap(({ key, isThere }) => (isThere ? [key] : []));
    const standing = await rowsAt(session, written, keys);
    const byKey = new Map(standing.map((row) => [identityOf(keyOf(row, table)), row]));
    after.set(name, standing);
    before.set(
      name,
      rows.flatMap(({ key, old }) => (old ? [{ ...byKey.get(identityOf(key)), ...old }] : [])),
    );
  }
  return { before, after };
}

interface Noticed {
  readonly key: Row;
  /** What it said before of the columns that changed; null of a new row. */
  readonly old: Row | null;
  readonly isThere: boolean;
}

function noticed({ before, after }: Note, table: Table): Noticed {
  const named = (values: Note["before"]): Row =>
    Object.fromEntries((values ?? []).flatMap((value, at) => (value === null ? [] : [[table.columns[at]?.name ?? "", value]])));
  const old = before === null ? null : named(before);
  return { key: keyOf(old ?? named(after), table), old, isThere: after !== null };
}
