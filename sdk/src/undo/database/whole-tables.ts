import { notKept } from "./not-kept.js";
import { identityOf, keyOf, mostRows, rowsOf, type DatabaseSession, type Images, type Row, type Table, type Watch } from "./session.js";

/** Watches tables by reading all their rows before and after: for what the database does not tell in a shorter way. */
export async function watchWholly(session: DatabaseSession, all: readonly Table[], looked: readonly Table[]): Promise<Watch> {
  const before = await wholeImages(session, looked);
  const isThere = new Set(all.map(({ name }) => name));
  return {
    changed: async (now) => {
      // Under a new name, or new: looked at where it was not there before.
      const after = await wholeImages(
        session,
        now.filter(({ name }) => before.has(name) || !isThere.has(name)),
      );
      return { before, after };
    },
    end: () => Promise.resolve(),
  };
}

/** All rows of these tables. @throws PullcordError `rows_not_kept` where they are too many */
export async function wholeImages(session: DatabaseSession, tables: readonly Table[]): Promise<Images> {
  const images = new Map<string, readonly Row[]>();
  for (const table of tables) {
    const rows = await rowsOf(session, table);
    if (!rows) throw notKept(`The table ${table.name} has more than ${mostRows} rows, and has to be read as a whole.`);
    images.set(table.name, rows);
  }
  return images;
}

/** The keys that are there, to know by them which rows come. */
export async function keysIn(session: DatabaseSession, table: Table): Promise<string> {
  return JSON.stringify((await wholeImages(session, [table])).get(table.name)?.map((row) => identityOf(keyOf(row, table))));
}

export async function rowsWithOtherKeys(session: DatabaseSession, table: Table, keys: string): Promise<readonly Row[] | null> {
  const before = new Set(JSON.parse(keys) as string[]);
  return (await rowsOf(session, table))?.filter((row) => !before.has(identityOf(keyOf(row, table)))) ?? null;
}
