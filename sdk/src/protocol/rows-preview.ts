/**
 * What an action's SQL would do to the rows of databases, found by trying it in a transaction that was rolled back (E36).
 * For people alone: it is never part of an action, since an agent could read a database by the questions that it asks.
 */
export type RowsPreview =
  /** It is being tried. */
  | { readonly status: "trying" }
  | TriedRows
  /** It could not be tried, so nothing is promised: why, in a sentence. */
  | { readonly status: "untried"; readonly why: string };

export interface TriedRows {
  readonly status: "tried";
  /** When it was tried, in milliseconds since 1970: rows may have changed since. */
  readonly at: number;
  /** Those that the statements reach by triggers and cascades included; at most `bounds.previewTables`. */
  readonly tables: readonly TableRows[];
  /** Tables beyond those. */
  readonly moreTables: number;
  /** Changes of what the database is made of, a statement each. */
  readonly structure: readonly string[];
  /** What takes it back, which was tried, too: the first statements, without secrets, each cut to what can be read. */
  readonly wayBack: readonly string[];
  /** Of how many. */
  readonly wayBackCount: number;
}

/** What happens to the rows of one table. */
export interface TableRows {
  /** As it is shown: `shop.db`, or its name in the policy. */
  readonly database: string;
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** At most `bounds.previewRows`. Empty in lists of requests. */
  readonly first: readonly RowPreview[];
}

export interface RowPreview {
  readonly kind: "inserted" | "updated" | "deleted";
  /** What tells the row from others: `17`. */
  readonly key: string;
  /** Of an update those that change, at most `bounds.previewColumns`. */
  readonly cells: readonly CellPreview[];
  readonly moreCells: number;
}

/** One value of a row, as the database writes it, without secrets, at most `bounds.previewCell` characters. */
export interface CellPreview {
  readonly column: string;
  /** Null where there was no row. */
  readonly before: string | null;
  /** Null where there will be none. */
  readonly after: string | null;
}

/** `2 rows deleted, 1 updated`: what happens to a table in words, for whoever shows it. */
export function rowCounts({ inserted, updated, deleted }: Pick<TableRows, "inserted" | "updated" | "deleted">): string {
  const parts = Object.entries({ inserted, updated, deleted }).filter(([, count]) => count > 0);
  return parts.map(([what, count], index) => `${count}${index === 0 ? (count === 1 ? " row" : " rows") : ""} ${what}`).join(", ");
}
