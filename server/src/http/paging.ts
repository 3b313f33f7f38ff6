import { z } from "@hono/zod-openapi";
import { bounds, PullcordError, type Page } from "@pullcord/sdk/protocol";

const defaultRows = 50;

/** The query of every list. */
export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(bounds.pageRows).default(defaultRows),
});

export function pageOf<S extends z.ZodType>(item: S, name: string) {
  return z.object({ items: z.array(item), next: z.string().nullable() }).openapi(`${name}Page`);
}

/** A page of rows of which one more than `limit` was asked for. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  make: { readonly item: (row: Row) => Item; readonly cursor: (row: Row) => string },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(make.item), next: rows.length > limit && last !== undefined ? make.cursor(last) : null };
}

/** A cursor is where the last page ended: a time and an id. */
export function timeCursor(at: number, id: string): string {
  return `${at}-${id}`;
}

/** @throws PullcordError `invalid`/`cursor` */
export function readTimeCursor(cursor: string | undefined): { readonly at: number; readonly id: string } | undefined {
  if (cursor === undefined) return undefined;
  const match = /^(\d{1,16})-([a-z0-9]{1,20})$/.exec(cursor);
  if (!match?.[1] || !match[2])
    throw new PullcordError("invalid", "cursor", "Pass the cursor as the page before gave it.", { field: "/query/cursor" });
  return { at: Number(match[1]), id: match[2] };
}
