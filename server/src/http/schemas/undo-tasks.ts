import { z } from "@hono/zod-openapi";
import {
  bounds,
  type FetchUndoTask,
  type HandedIn,
  type SettledUndo,
  type ToldChange,
  type ToldLeft,
  type UndoTask,
  type UndoTaskAnswer,
} from "@pullcord/sdk/protocol";
import { jsonObject, name } from "./words.js";

const sentence = z.string().max(2_000);
const path = z.string().min(1).max(4_096);
/** Longest diff, and longest line of what is run, in characters. */
const shownLength = 20_000;
/** Most lines of what is run for one thing. */
const mostRuns = 100;

const data = jsonObject.refine(
  (value) => JSON.stringify(value).length <= bounds.undoDataLength,
  `must be at most ${bounds.undoDataLength} characters of JSON`,
);
const toldChange = z.strictObject({
  path,
  kind: z.enum(["added", "changed", "removed"]),
  sentence,
  diff: z.string().max(shownLength).nullable(),
  runs: z.array(z.string().max(shownLength)).max(mostRuns),
}) satisfies z.ZodType<ToldChange>;
const toldLeft = z.strictObject({ path, sentence }) satisfies z.ZodType<ToldLeft>;
const changes = z.array(toldChange).max(bounds.undoItems);
const conflicts = z.array(toldLeft).max(bounds.undoItems);
const paths = z.array(path).max(bounds.undoItems);

export const handedIn = z
  .strictObject({
    handler: name,
    data,
    summary: sentence.min(1),
    changes: changes.exactOptional(),
    isTogether: z.boolean().exactOptional(),
    isProvisional: z.boolean().exactOptional(),
  })
  .openapi("HandedIn") satisfies z.ZodType<HandedIn>;

export const settledUndo = z
  .strictObject({ handler: name, hasHappened: z.boolean() })
  .openapi("SettledUndo") satisfies z.ZodType<SettledUndo>;

export const fetchUndoTask = z
  .strictObject({
    handlers: z
      .array(z.strictObject({ name, isCompensation: z.boolean() }))
      .min(1)
      .max(bounds.undoHandlers),
    waitMs: z.int().min(0).max(bounds.longPollMs),
  })
  .openapi("FetchUndoTask") satisfies z.ZodType<FetchUndoTask>;

const handedInAction = { actionId: z.string(), data: jsonObject, isProvisional: z.boolean().exactOptional() };
const undoTask = z
  .object({
    ...handedInAction,
    id: z.string(),
    kind: z.enum(["preview", "undo", "verify"]),
    handler: z.string(),
    earlier: z.array(z.object(handedInAction)).exactOptional(),
    only: z.array(z.string()).exactOptional(),
    planned: jsonObject.exactOptional(),
  })
  .openapi("UndoTask") satisfies z.ZodType<UndoTask>;

export const fetchedTask = z.object({ task: undoTask.nullable() }).openapi("FetchedUndoTask");

export const undoTaskAnswer = z
  .strictObject({
    isDone: z.boolean(),
    sentence,
    plan: z.strictObject({ changes, conflicts, planned: data }).exactOptional(),
    end: z.strictObject({ restored: paths, conflicts, unverified: paths, back: data.exactOptional() }).exactOptional(),
  })
  .openapi("UndoTaskAnswer") satisfies z.ZodType<UndoTaskAnswer>;
