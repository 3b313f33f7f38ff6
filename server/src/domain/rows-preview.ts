import { isPullcordError, type Action, type RowsPreview, type TriedRows } from "@pullcord/sdk/protocol";
import type { Policy } from "./policy/policy.js";
import type { KeptRows } from "./reading.js";
import { maskSecrets } from "./risk/masking.js";

/** Why the rows of these databases are not previewed; null where they are. */
export function hiddenBy({ databases }: Pick<Policy, "databases">, rows: readonly KeptRows[]): string | null {
  const hidden = rows.flatMap(({ database }) =>
    "name" in database && databases.get(database.name)?.previewsRows === false ? [database.name] : [],
  );
  return hidden[0] === undefined ? null : `The policy previews no rows of ${hidden[0]} (databases, preview_rows).`;
}

/** Longest reason, in characters: a database's own words may be long, and hold what is in it. */
const longestWhy = 400;

/** That rows could not be previewed, and why, as far as that is ours to say. */
export function untriedRows(error: unknown): RowsPreview {
  const why = isPullcordError(error) ? String(maskSecrets(error.message.slice(0, longestWhy))) : "They could not be read.";
  return { status: "untried", why };
}

/** After this time nobody previews them any more, in milliseconds. */
const staleMs = 120_000;

/** A preview that was begun so long ago, in milliseconds: the server may have been restarted meanwhile. */
export function unlessStale(rows: RowsPreview, ageMs: number): RowsPreview {
  if (rows.status !== "trying" || ageMs < staleMs) return rows;
  return { status: "untried", why: "Pullcord was restarted while it previewed them." };
}

/** Counted only, as in lists. */
export function countedRows(rows: RowsPreview): RowsPreview {
  return rows.status === "tried" ? { ...rows, tables: rows.tables.map((table) => ({ ...table, first: [] })) } : rows;
}

/** From how many times as many rows a change is another one than what was shown, and how many more may always come. */
const manyTimes = 2;
const someMore = 5;

type Count = Pick<TriedRows["tables"][number], "inserted" | "updated" | "deleted">;

/**
 * Whether a change, tried right before it runs, is another one than a person was shown: it reaches a table that was not
 * there, or many more rows. Their approval was for what they saw. @returns what is different, for people; null when it is the same
 */
export function outgrown(shown: RowsPreview | undefined, now: TriedRows): string | null {
  if (shown?.status !== "tried") return null;
  for (const own of now.tables) {
    const before = shown.tables.find(({ database, table }) => database === own.database && table === own.table);
    if (!before && shown.moreTables === 0) return `It would change ${rowsOf(own)} of ${own.table} now, and none were shown.`;
    for (const kind of ["inserted", "updated", "deleted"] as const) {
      const was = before?.[kind] ?? 0;
      if (before && own[kind] > was * manyTimes + someMore)
        return `It would have ${rows(own[kind])} of ${own.table} ${kind} now; ${was} were shown.`;
    }
  }
  return null;
}

/**
 * An action as people see it once its rows could not be previewed: that they can be put back was said because it would be
 * tried, so it is not said any more.
 */
export function withoutPromise<Judged extends Pick<Action, "assessment">>(judged: Judged, rows: RowsPreview | undefined): Judged {
  const { assessment } = judged;
  if (rows?.status !== "untried" || assessment?.reversibility !== "reversible") return judged;
  const preview = (assessment.preview ?? []).filter(({ about }) => about !== "undo");
  const undo = { about: "undo", sentence: "Whether its rows can be put back is not known: they could not be previewed." } as const;
  return { ...judged, assessment: { ...assessment, reversibility: "externally_reversible", preview: [...preview, undo] } };
}

function rowsOf({ inserted, updated, deleted }: Count): string {
  return rows(inserted + updated + deleted);
}

function rows(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}
