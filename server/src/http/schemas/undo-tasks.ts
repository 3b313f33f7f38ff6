import { z } from "@hono/zod-openapi";
import { bounds, type FetchUndoTask, type HandedIn, type UndoTask, type UndoTaskAnswer } from "@pullcord/sdk/protocol";
import { jsonObject, name } from "./words.js";

const sentence = z.string().max(2_000);

export const handedIn = z
  .strictObject({
    handler: name,
    data: jsonObject.refine(
      (value) => JSON.stringify(value).length <= bounds.undoDataLength,
      `must be at most ${bounds.undoDataLength} characters of JSON`,
    ),
    summary: sentence.min(1),
  })
  .openapi("HandedIn") satisfies z.ZodType<HandedIn>;

export const fetchUndoTask = z
  .strictObject({
    handlers: z
      .array(z.strictObject({ name, isCompensation: z.boolean() }))
      .min(1)
      .max(bounds.undoHandlers),
    waitMs: z.int().min(0).max(bounds.longPollMs),
  })
  .openapi("FetchUndoTask") satisfies z.ZodType<FetchUndoTask>;

const undoTask = z
  .object({
    id: z.string(),
    kind: z.enum(["preview", "undo", "verify"]),
    handler: z.string(),
    actionId: z.string(),
    data: jsonObject,
  })
  .openapi("UndoTask") satisfies z.ZodType<UndoTask>;

export const fetchedTask = z.object({ task: undoTask.nullable() }).openapi("FetchedUndoTask");

export const undoTaskAnswer = z
  .strictObject({ isDone: z.boolean(), sentence })
  .openapi("UndoTaskAnswer") satisfies z.ZodType<UndoTaskAnswer>;
