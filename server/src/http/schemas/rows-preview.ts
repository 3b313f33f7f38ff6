import { z } from "@hono/zod-openapi";
import type { RowsPreview } from "@pullcord/sdk/protocol";
import { time } from "./words.js";

const count = z.int().min(0);

const row = z.object({
  kind: z.enum(["inserted", "updated", "deleted"]),
  key: z.string(),
  cells: z.array(z.object({ column: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
  moreCells: count,
});

const table = z.object({
  database: z.string(),
  table: z.string(),
  inserted: count,
  updated: count,
  deleted: count,
  first: z.array(row),
});

export const rowsPreview = z
  .discriminatedUnion("status", [
    z.object({ status: z.literal("trying") }),
    z.object({
      status: z.literal("tried"),
      at: time,
      tables: z.array(table),
      moreTables: count,
      structure: z.array(z.string()),
      wayBack: z.array(z.string()),
      wayBackCount: count,
    }),
    z.object({ status: z.literal("untried"), why: z.string() }),
  ])
  .openapi("RowsPreview") satisfies z.ZodType<RowsPreview>;
