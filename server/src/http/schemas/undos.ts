import { z } from "@hono/zod-openapi";
import type { MakeUndo, RunChanges, Undo, UndoPreview, UndoScope } from "@pullcord/sdk/protocol";
import { actor, name, text, time } from "./words.js";

const path = z.string().min(1).max(4_096);
const mostPaths = 200;

const scope = {
  run: name.exactOptional(),
  action: name.exactOptional(),
  undo: name.exactOptional(),
  to: name.exactOptional(),
  only: z.array(path).min(1).max(mostPaths).exactOptional(),
};
export const undoScope = z.strictObject(scope).openapi("UndoScope") satisfies z.ZodType<UndoScope>;

export const makeUndo = z
  .strictObject({
    ...scope,
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be the 64 hex digits of the preview")
      .exactOptional(),
    reason: text.exactOptional(),
  })
  .openapi("MakeUndo") satisfies z.ZodType<MakeUndo>;

const of = z.enum(["file", "command", "database", "config", "custom"]);
export const pathLeft = z.object({ of, path: z.string(), sentence: z.string() });
export const pathChange = z.object({
  of,
  path: z.string(),
  kind: z.enum(["added", "changed", "removed"]),
  sentence: z.string(),
  diff: z.string().nullable(),
  runs: z.array(z.string()),
  actionIds: z.array(z.string()),
});

export const runChanges = z
  .object({ runId: z.string(), changes: z.array(pathChange), notKept: z.array(z.string()), isReviewed: z.boolean() })
  .openapi("RunChanges") satisfies z.ZodType<RunChanges>;

const kind = z.enum(["undo", "redo"]);

export const undoPreview = z
  .object({
    runId: z.string(),
    kind,
    digest: z.string(),
    changes: z.array(pathChange),
    conflicts: z.array(pathLeft),
    notKept: z.array(z.string()),
  })
  .openapi("UndoPreview") satisfies z.ZodType<UndoPreview>;

export const undo = z
  .object({
    id: z.string(),
    runId: z.string(),
    kind,
    of: z.object(scope),
    by: actor,
    at: time,
    reason: z.string().exactOptional(),
    status: z.enum(["running", "done", "failed"]),
    endedAt: time.exactOptional(),
    restored: z.array(z.string()),
    conflicts: z.array(pathLeft),
    unverified: z.array(z.string()),
    heldOpen: z.array(pathLeft).exactOptional(),
    failure: z.string().exactOptional(),
  })
  .openapi("Undo") satisfies z.ZodType<Undo>;
