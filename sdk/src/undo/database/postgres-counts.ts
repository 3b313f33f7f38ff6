import { countsQuery } from "./postgres-tables.js";
import type { DatabaseSession } from "./session.js";

/**
 * How often rows of a table were put in, changed and taken out. The server counts for itself: functions, triggers and
 * cascades included, and what was rolled back in between.
 */
export interface Counts {
  readonly name: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** Of all tables whose rows this session touched, by the tables' ids. */
export async function countsOf(session: DatabaseSession): Promise<ReadonlyMap<string, Counts>> {
  const found = await session.rows(countsQuery);
  return new Map(
    found.map(({ id, name, inserted, updated, deleted }) => [
      id ?? "",
      { name: name ?? "", inserted: Number(inserted), updated: Number(updated), deleted: Number(deleted) },
    ]),
  );
}

/** What was counted since `before`. */
export function countedSince(before: ReadonlyMap<string, Counts>, now: ReadonlyMap<string, Counts>): ReadonlyMap<string, Counts> {
  const since = new Map<string, Counts>();
  for (const [id, { name, inserted, updated, deleted }] of now) {
    const then = before.get(id) ?? { inserted: 0, updated: 0, deleted: 0 };
    const counts = { name, inserted: inserted - then.inserted, updated: updated - then.updated, deleted: deleted - then.deleted };
    if (timesIn(counts) > 0) since.set(id, counts);
  }
  return since;
}

/** How often rows were touched at all. */
export function timesIn({ inserted, updated, deleted }: Omit<Counts, "name">): number {
  return inserted + updated + deleted;
}
